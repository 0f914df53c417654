"""How many contacts are followed by another."""

from __future__ import annotations

from regard.metrics.estimators.share import share
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.contact import CONTACT_KINDS, DAYS, contacts

repeat_contact_rate = register(
    Metric(
        key="repeat_contact_rate",
        title="Repeat contact rate",
        question="After what share of contacts does the same customer come back within a week?",
        definition="contacts followed by another one of the same customer, about anything, within the days set ÷ contacts; contacts too recent to tell are left out",
        unit=Unit.FRACTION,
        better=Better.LOWER,
        relation=contacts,
        counts={"n": "count(*)", "x": "count(*)", "y": "count(*) filter (where repeated)"},
        estimate=share,
        source="Price and Jaffe (2008), The Best Service is No Service; interval: Wilson (1927), JASA 22(158), 209-212",
        settings=(
            CONTACT_KINDS,
            DAYS,
        ),
        nobody="no contact in this period that is old enough to tell whether another followed",
    )
)
