"""Net Promoter Score."""

from __future__ import annotations

from regard.metrics.estimators.net_promoter import net_score
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.interaction import answers

nps = register(
    Metric(
        key="nps",
        title="Net Promoter Score",
        question="How much do promoters outnumber detractors among customers who said whether they would recommend us?",
        definition="share of answers 9–10 less share of answers 0–6, on a 0–10 scale, in points; 7–8 count in the "
        "denominator only; skipped questions count nowhere",
        unit=Unit.POINTS,
        better=Better.HIGHER,
        relation=answers("nps"),
        counts={
            "n": "count(*)",
            "x": "sum(w)",
            "y": "coalesce(sum(w) filter (where score >= 9), 0) - coalesce(sum(w) filter (where score <= 6), 0)",
            "above": "coalesce(sum(w) filter (where score >= 9), 0)",
        },
        estimate=net_score,
        source="Reichheld (2003), Harvard Business Review 81(12), 46-54; interval: Rocks (2016), The American "
        "Statistician 70(4), 365-372",
        absent="no answer to the question 'nps' in the log",
        weighted=True,
    )
)
