"""How much money came in."""

from __future__ import annotations

from regard.metrics.estimators.total import signed_total
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.money import PAID_KINDS, payments

revenue = register(
    Metric(
        key="revenue",
        title="Revenue",
        question="How much did customers pay us?",
        definition="sum of the amounts of orders, returns and subscription payments in the period, money given back being negative; currencies are never added",
        unit=Unit.MONEY,
        better=Better.HIGHER,
        relation=payments,
        counts={"n": "count(*)", "x": "count(*)", "y": "sum(amount_minor)"},
        estimate=signed_total,
        source="the sum of what happened; interval: Feller (1968), An Introduction to Probability Theory, vol. 1, section XII.2",
        settings=(PAID_KINDS,),
    )
)
