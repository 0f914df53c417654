"""How many go on to the next step."""

from __future__ import annotations

from regard.metrics.estimators.share import share
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.customer_period import FROM_KIND, TO_KIND, WITHIN_DAYS, conversions

conversion_rate = register(
    Metric(
        key="conversion_rate",
        title="Conversion rate",
        question="What share of the customers who took a first step took the second one in time?",
        definition="customers whose from_kind was followed by to_kind within the days set ÷ customers with from_kind in the period; those too recent to tell are left out",
        unit=Unit.FRACTION,
        better=Better.HIGHER,
        relation=conversions,
        counts={"n": "1", "x": "1", "y": "max(converted::int)"},
        estimate=share,
        source="Farris et al. (2010), Marketing Metrics, 2nd ed.; interval: Wilson (1927), JASA 22(158), 209-212",
        settings=(
            FROM_KIND,
            TO_KIND,
            WITHIN_DAYS,
        ),
        nobody="nobody took the first step early enough in this period to tell",
    )
)
