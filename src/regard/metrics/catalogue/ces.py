"""Customer effort, official: the share who found it easy."""

from __future__ import annotations

from regard.metrics.estimators.share import share
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.interaction import answers
from regard.metrics.settings import Setting

ces = register(
    Metric(
        key="ces",
        title="Customer effort",
        question="What share of customers who answered found it easy to get their matter handled?",
        definition="share of answers 5–7 on a 1–7 scale of how easy it was (7: strongly agree); the cut-off can be set; "
        "skipped questions count nowhere",
        unit=Unit.FRACTION,
        better=Better.HIGHER,
        relation=answers("ces"),
        counts={
            "n": "count(*)",
            "x": "sum(w)",
            "y": "coalesce(sum(w) filter (where score >= $easy_from), 0)",
        },
        estimate=share,
        source="Dixon, Freeman and Toman (2010), Harvard Business Review 88(7/8), 116-122; CEB (2013), CES 2.0",
        settings=(Setting("easy_from", 5.0, "the lowest answer that counts as easy"),),
        absent="no answer to the question 'ces' in the log",
        weighted=True,
    )
)
