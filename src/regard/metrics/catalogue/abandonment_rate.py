"""How many give up waiting."""

from __future__ import annotations

from regard.metrics.estimators.share import share
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.thread import offered

abandonment_rate = register(
    Metric(
        key="abandonment_rate",
        title="Abandonment rate",
        question="What share of callers and chatters gave up before they were served?",
        definition="calls and chats abandoned ÷ calls and chats that ended or were abandoned; a thread counts once",
        unit=Unit.FRACTION,
        better=Better.LOWER,
        relation=offered,
        counts={"n": "count(*)", "x": "count(*)", "y": "count(*) filter (where abandoned)"},
        estimate=share,
        source="Cleveland (2012), Call Center Management on Fast Forward, 4th ed.; interval: Wilson (1927), JASA 22(158), 209-212",
    )
)
