"""Grain: one contact, a customer's turning to us for help.

The first interaction of a thread stands for the contact, so that a call that is queued, answered and ended is one.
A case opened within the hour after a call, chat or message of the same customer was opened out of that contact and is
none of its own; nor is one that the organisation opened by itself (attributes.opened_by says who).
"""

from __future__ import annotations

from regard.metrics.relations.relation import KNOWN, Reach, Relation
from regard.metrics.settings import Setting

KINDS = (
    *("call.queued", "call.started", "call.answered", "call.ended", "call.abandoned"),
    *("chat.started", "chat.ended", "message.received", "email.received", "case.opened"),
)
CONTACT_KINDS = Setting("contact_kinds", KINDS, "kinds that are a customer's turning to us")
DAYS = Setting("days", 7.0, "days within which a further contact counts")

# What we do is no sign of life of the customer.
OURS = (
    *(
        "survey.sent",
        "message.sent",
        "email.sent",
        "invoice.sent",
        "case.resolved",
        "case.closed",
        "case.replied",
        "case.assigned",
        "case.noted",
    ),
    *("order.shipped", "order.delivered", "delivery.late", "subscription.renewed", "subscription.ended"),
    *("cost.recorded", "chat.answered", "call.answered", "offer.sent", "campaign.sent"),
)
OUR_KINDS = Setting("our_kinds", OURS, "kinds that the organisation does, which make no customer active")

CONTACTS = """
    WITH keyed AS (
        SELECT *, coalesce(source || chr(31) || thread, hex(interaction_id)) AS thread_key
        FROM source WHERE kind in ($contact_kinds) AND (
            kind <> 'case.opened' OR json_extract_string(attributes, '$."opened_by"') IS NULL)),
    begun AS (
        SELECT * FROM keyed QUALIFY row_number() OVER (
            PARTITION BY thread_key ORDER BY occurred_at, interaction_id) = 1),
    contacts AS (
        SELECT * FROM begun QUALIFY kind <> 'case.opened' OR coalesce(occurred_at - max(
            CASE WHEN kind <> 'case.opened' THEN occurred_at END) OVER (
            PARTITION BY customer_id ORDER BY occurred_at, kind = 'case.opened', interaction_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) > INTERVAL 1 HOUR, true))"""

contacts = Relation(
    grain="interaction",
    reads=KINDS,
    filter="kind in ($contact_kinds)",
    reach=Reach.ALL,
    rows=f"""{CONTACTS}
        SELECT *, coalesce(epoch_us(lead(occurred_at) OVER (PARTITION BY customer_id ORDER BY occurred_at, interaction_id))
            - epoch_us(occurred_at) <= $days * 86400000000, false) AS repeated
        FROM contacts""",
    settled="$days * 86400",
)

first_contacts = Relation(
    grain="interaction",
    reads=KINDS,
    filter="kind in ($contact_kinds)",
    reach=Reach.ALL,
    rows=f"""{CONTACTS},
        about AS (
            SELECT *, coalesce(json_extract_string(attributes, '$."topic"'), touchpoint, '') AS topic FROM contacts),
        spaced AS (
            SELECT *,
                epoch_us(occurred_at) - epoch_us(lag(occurred_at) OVER (
                    PARTITION BY customer_id, topic ORDER BY occurred_at, interaction_id)) AS before_us,
                epoch_us(lead(occurred_at) OVER (
                    PARTITION BY customer_id, topic ORDER BY occurred_at, interaction_id)) - epoch_us(occurred_at)
                    AS after_us
            FROM about)
        SELECT *, coalesce(after_us > $days * 86400000000, true) AS at_once
        FROM spaced WHERE coalesce(before_us > $days * 86400000000, true)""",
    settled="$days * 86400",
)

active = Relation(
    grain="customer-period",
    reads=("any kind that a customer does",),
    filter=f"kind not in ($our_kinds) and {KNOWN}",
)

contacts_and_activity = Relation(
    grain="customer-period",
    reads=(*KINDS, "any kind that a customer does"),
    needs=(KINDS,),
    filter=f"(kind not in ($our_kinds) or kind in ($contact_kinds)) and {KNOWN}",
    reach=Reach.ALL,
    rows=f"""{CONTACTS}
        SELECT * EXCLUDE (thread_key), true AS is_contact FROM contacts
        UNION ALL SELECT *, false AS is_contact FROM source
        WHERE kind not in ($our_kinds) AND coalesce(occurred_at >= $since, true)""",
)
