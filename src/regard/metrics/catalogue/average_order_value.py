"""How much an order is worth."""

from __future__ import annotations

from regard.metrics.estimators.mean import mean
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.money import priced_orders

average_order_value = register(
    Metric(
        key="average_order_value",
        title="Average order value",
        question="How much is an order worth on average?",
        definition="sum of the amounts of orders placed ÷ orders placed that have an amount; returns are not taken off; currencies are never added",
        unit=Unit.MONEY,
        better=Better.HIGHER,
        relation=priced_orders,
        counts={"n": "count(*)", "x": "count(*)", "y": "sum(amount_minor)"},
        estimate=mean,
        source="Farris et al. (2010), Marketing Metrics, 2nd ed.; interval: Cochran (1977), section 6.3",
    )
)
