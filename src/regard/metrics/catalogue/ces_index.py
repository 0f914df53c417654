"""Customer effort: easy less hard."""

from __future__ import annotations

from regard.metrics.estimators.net_promoter import net_score
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.interaction import answers

ces_index = register(
    Metric(
        key="ces_index",
        title="Customer effort index",
        question="How much do those who found it very easy outnumber those who found it hard?",
        definition="share of answers 6–7 less share of answers 1–3 on a 1–7 scale, in points; 4–5 count in the denominator only",
        unit=Unit.POINTS,
        better=Better.HIGHER,
        relation=answers("ces"),
        counts={
            "n": "count(*)",
            "x": "sum(w)",
            "y": "coalesce(sum(w) filter (where score >= 6), 0) - coalesce(sum(w) filter (where score <= 3), 0)",
            "above": "coalesce(sum(w) filter (where score >= 6), 0)",
        },
        estimate=net_score,
        source="Dixon, Freeman and Toman (2010), Harvard Business Review 88(7/8), 116-122; CEB (2013), CES 2.0",
        absent="no answer to the question 'ces' in the log",
        weighted=True,
    )
)
