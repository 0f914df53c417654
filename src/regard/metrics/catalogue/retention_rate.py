"""How many customers stay."""

from __future__ import annotations

from regard.metrics.estimators.share import share
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.customer_period import BASIS, INACTIVITY_DAYS, stays

retention_rate = register(
    Metric(
        key="retention_rate",
        title="Customer retention rate",
        question="What share of the customers at the start of the period is still here at its end?",
        definition="(E − N) ÷ S: customers at the end less those won in between, over customers at the start; a subscription on trial (attribute trial) makes no customer; with basis=purchase a customer is who ordered within the inactivity days",
        unit=Unit.FRACTION,
        better=Better.HIGHER,
        relation=stays,
        counts={"n": "1", "x": "1", "y": "stayed::int"},
        estimate=share,
        source="Farris, Bendle, Pfeifer and Reibstein (2010), Marketing Metrics, 2nd ed., ch. 5; interval: Wilson (1927), JASA 22(158), 209-212",
        settings=(
            BASIS,
            INACTIVITY_DAYS,
        ),
        nobody="there were no customers at the start of this period",
        absent="no subscription.started (basis=subscription) or order.placed (basis=purchase) in the log",
    )
)
