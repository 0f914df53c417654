"""How customers answer a question of the organisation's own, on average."""

from __future__ import annotations

from regard.metrics.estimators.mean import mean
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.interaction import own_answers

mean_score = register(
    Metric(
        key="mean_score",
        title="Mean answer to a question of your own",
        question="What do customers answer on average to a question of your own?",
        definition="mean of the scores given to one question other than nps, csat and ces, on the scale on which it was asked; skipped questions count nowhere; answers to different questions are never put together",
        unit=Unit.SCORE,
        better=Better.HIGHER,
        relation=own_answers,
        counts={"n": "count(*)", "x": "sum(w)", "y": "sum(w * score)"},
        estimate=mean,
        source="ISO 10004:2018; interval: Cochran (1977), section 6.3",
        absent="no answer to a question of your own in the log",
        weighted=True,
        apart="metric",
    )
)
