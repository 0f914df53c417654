"""How many of those who were asked answered."""

from __future__ import annotations

from regard.metrics.estimators.share import share
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.thread import invitations

response_rate = register(
    Metric(
        key="response_rate",
        title="Response rate",
        question="What share of the surveys that were sent got an answer?",
        definition="surveys sent that have an answer in their thread by the moment of looking ÷ surveys sent; an invitation sent twice counts once",
        unit=Unit.FRACTION,
        better=Better.HIGHER,
        relation=invitations,
        counts={"n": "count(*)", "x": "count(*)", "y": "count(*) filter (where answered)"},
        estimate=share,
        source="AAPOR (2023), Standard Definitions, 10th ed., response rate RR1 with every invitation taken as eligible",
    )
)
