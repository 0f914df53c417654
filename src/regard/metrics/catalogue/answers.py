"""How many answers surveys got, to whatever question."""

from __future__ import annotations

from regard.metrics.estimators.total import total
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.interaction import interactions

answers = register(
    Metric(
        key="answers",
        title="Answers to surveys",
        question="How many answers did customers give?",
        definition="number of answers with a score, to any question; by metric, those to each question",
        unit=Unit.COUNT,
        better=Better.HIGHER,
        relation=interactions("survey.answered", where="score is not null"),
        counts={"n": "count(*)", "x": "count(*)", "y": "count(*)"},
        estimate=total,
        source="the sum of what happened; interval: Feller (1968), An Introduction to Probability Theory, vol. 1, section XII.2",
    )
)
