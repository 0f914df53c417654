"""How often customers need help."""

from __future__ import annotations

from regard.metrics.estimators.mean import not_negative_mean
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.contact import CONTACT_KINDS, OUR_KINDS, contacts_and_activity

contact_rate = register(
    Metric(
        key="contact_rate",
        title="Contact rate",
        question="How many contacts does an active customer cause?",
        definition="contacts ÷ customers who did anything in the period; the first interaction of a thread is the contact, and a case opened within the hour after a call, chat or message of the same customer is none of its own",
        unit=Unit.PER_CUSTOMER,
        better=Better.LOWER,
        relation=contacts_and_activity,
        counts={"n": "1", "x": "1", "y": "count(*) filter (where is_contact)"},
        estimate=not_negative_mean,
        source="Price and Jaffe (2008), The Best Service is No Service; interval: Cochran (1977), section 6.3",
        settings=(
            CONTACT_KINDS,
            OUR_KINDS,
        ),
    )
)
