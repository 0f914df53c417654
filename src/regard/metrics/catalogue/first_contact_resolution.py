"""How many matters needed only one contact."""

from __future__ import annotations

from regard.metrics.estimators.share import share
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.contact import CONTACT_KINDS, DAYS, first_contacts

first_contact_resolution = register(
    Metric(
        key="first_contact_resolution",
        title="First contact resolution",
        question="What share of matters did customers not have to come back about?",
        definition="first contacts after which the same customer made no further contact about the same topic (attributes.topic, else the touchpoint) within the days set ÷ first contacts; a contact is a first one where none about the topic came in as many days before it; contacts too recent to tell are left out",
        unit=Unit.FRACTION,
        better=Better.HIGHER,
        relation=first_contacts,
        counts={"n": "count(*)", "x": "count(*)", "y": "count(*) filter (where at_once)"},
        estimate=share,
        source="the no-repeat-contact definition of ICMI and COPC; interval: Wilson (1927), JASA 22(158), 209-212",
        settings=(
            CONTACT_KINDS,
            DAYS,
        ),
        nobody="no contact in this period that is old enough to tell whether another followed",
    )
)
