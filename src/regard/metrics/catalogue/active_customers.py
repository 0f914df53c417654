"""How many customers did something."""

from __future__ import annotations

from regard.metrics.estimators.total import total
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.contact import OUR_KINDS, active

active_customers = register(
    Metric(
        key="active_customers",
        title="Active customers",
        question="How many different customers did anything in the period?",
        definition="different known customers with an interaction of their own; what we do (surveys sent, parcels shipped) is none",
        unit=Unit.COUNT,
        better=Better.HIGHER,
        relation=active,
        counts={"n": "1", "x": "1", "y": "1"},
        estimate=total,
        source="a count of what happened; interval: Feller (1968), An Introduction to Probability Theory, vol. 1, section XII.2",
        absent="no interaction of a customer in the log",
        settings=(OUR_KINDS,),
    )
)
