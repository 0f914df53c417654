"""Customer effort: the mean answer."""

from __future__ import annotations

from regard.metrics.estimators.mean import Mean
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.interaction import answers

effort_mean = Mean(lowest=1.0, highest=7.0)

ces_mean = register(
    Metric(
        key="ces_mean",
        title="Customer effort, mean",
        question="How easy was it on average?",
        definition="mean of the answers 1–7 of how easy it was; skipped questions count nowhere",
        unit=Unit.SCORE,
        better=Better.HIGHER,
        relation=answers("ces"),
        counts={"n": "count(*)", "x": "sum(w)", "y": "sum(w * score)"},
        estimate=effort_mean,
        source="Dixon, Freeman and Toman (2010), Harvard Business Review 88(7/8), 116-122; CEB (2013), CES 2.0",
        absent="no answer to the question 'ces' in the log",
        weighted=True,
    )
)
