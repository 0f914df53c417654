"""How many cases are resolved."""

from __future__ import annotations

from regard.metrics.estimators.share import share
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.thread import cases

resolution_rate = register(
    Metric(
        key="resolution_rate",
        title="Resolution rate",
        question="What share of the cases that were opened is resolved?",
        definition="cases opened in the period that are resolved, and not reopened since, by the moment of looking ÷ cases opened in the period",
        unit=Unit.FRACTION,
        better=Better.HIGHER,
        relation=cases,
        counts={"n": "count(*)", "x": "count(*)", "y": "count(*) filter (where ended)"},
        estimate=share,
        source="Wilson (1927), JASA 22(158), 209-212 for the interval; the definition is common help-desk practice",
    )
)
