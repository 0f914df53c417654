"""How many customers leave."""

from __future__ import annotations

from regard.metrics.estimators.share import rest
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.customer_period import BASIS, INACTIVITY_DAYS, stays

churn_rate = register(
    Metric(
        key="churn_rate",
        title="Customer churn rate",
        question="What share of the customers at the start of the period has left by its end?",
        definition="customers at the start who are no longer there at the end ÷ customers at the start (1 − retention); trials apart; with basis=purchase a customer is lost after the inactivity days without an order",
        unit=Unit.FRACTION,
        better=Better.LOWER,
        relation=stays,
        counts={"n": "1", "x": "1", "y": "stayed::int"},
        estimate=rest,
        source="Farris, Bendle, Pfeifer and Reibstein (2010), Marketing Metrics, 2nd ed., ch. 5; interval: Wilson (1927), JASA 22(158), 209-212",
        settings=(
            BASIS,
            INACTIVITY_DAYS,
        ),
        nobody="there were no customers at the start of this period",
        absent="no subscription.started (basis=subscription) or order.placed (basis=purchase) in the log",
    )
)
