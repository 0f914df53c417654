"""Customer effort: the share who found it very easy."""

from __future__ import annotations

from regard.metrics.estimators.share import share
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.interaction import answers

ces_top2 = register(
    Metric(
        key="ces_top2",
        title="Customer effort, top two",
        question="What share of customers who answered found it very easy?",
        definition="share of answers 6–7 on a 1–7 scale of how easy it was; skipped questions count nowhere",
        unit=Unit.FRACTION,
        better=Better.HIGHER,
        relation=answers("ces"),
        counts={"n": "count(*)", "x": "sum(w)", "y": "coalesce(sum(w) filter (where score >= 6), 0)"},
        estimate=share,
        source="Dixon, Freeman and Toman (2010), Harvard Business Review 88(7/8), 116-122; CEB (2013), CES 2.0",
        absent="no answer to the question 'ces' in the log",
        weighted=True,
    )
)
