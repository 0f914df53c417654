"""How many orders were placed."""

from __future__ import annotations

from regard.metrics.estimators.total import total
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.money import orders as all_orders

orders = register(
    Metric(
        key="orders",
        title="Orders",
        question="How many orders were placed?",
        definition="number of order.placed in the period",
        unit=Unit.COUNT,
        better=Better.HIGHER,
        relation=all_orders,
        counts={"n": "count(*)", "x": "count(*)", "y": "count(*)"},
        estimate=total,
        source="the sum of what happened; interval: Feller (1968), An Introduction to Probability Theory, vol. 1, section XII.2",
    )
)
