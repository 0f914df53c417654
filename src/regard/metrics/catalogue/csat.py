"""Customer satisfaction."""

from __future__ import annotations

from regard.metrics.estimators.share import share
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.interaction import answers

csat = register(
    Metric(
        key="csat",
        title="Customer satisfaction",
        question="What share of customers who answered were satisfied?",
        definition="share of answers 4–5 on a 1–5 satisfaction scale; skipped questions count nowhere",
        unit=Unit.FRACTION,
        better=Better.HIGHER,
        relation=answers("csat"),
        counts={
            "n": "count(*)",
            "x": "sum(w)",
            "y": "coalesce(sum(w) filter (where score >= 4), 0)",
        },
        estimate=share,
        source="ISO 10004:2018; top-two-box convention; interval: Wilson (1927), JASA 22(158), 209-212",
        absent="no answer to the question 'csat' in the log",
        weighted=True,
    )
)
