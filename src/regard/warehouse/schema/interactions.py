"""The log: everything that ever passed between the company and a customer, one row each, never changed."""

from __future__ import annotations

from regard.warehouse.schema.table import Column, Table

# What an interaction says, apart from where it came from and whose it is. Incoming rows carry the same columns.
FACTS = (
    Column("occurred_at", "TIMESTAMPTZ", "When it happened."),
    Column("received_at", "TIMESTAMPTZ", "When we took it in; 'as of' a day means received before it."),
    Column("kind", "VARCHAR", "What happened, as noun.verb: order.placed, page.viewed, survey.answered."),
    Column("channel", "VARCHAR", "How: web, app, email, phone, chat, sms, social, store, mail."),
    Column("touchpoint", "VARCHAR", "Where on the journey: checkout, delivery, invoice, support."),
    Column("metric", "VARCHAR", "The question that was answered: nps, csat, ces or a name of your own."),
    Column("score", "DOUBLE", "The number given: nps 0 to 10, csat 1 to 5, ces 1 to 7."),
    Column("weight", "DOUBLE", "How many customers this answer stands for; 1 where empty."),
    Column("text", "VARCHAR", "The customer's own words, with addresses and numbers blanked.", personal=True),
    Column("language", "VARCHAR", "The language of the words, as in BCP 47: en, el, hy, pl, ru."),
    Column("amount_minor", "BIGINT", "Money that moved towards us, in the currency's smallest unit."),
    Column("currency", "VARCHAR", "The currency, as in ISO 4217: EUR."),
    Column("duration_seconds", "DOUBLE", "How long it took."),
    Column("wait_seconds", "DOUBLE", "How long the customer waited."),
    Column("unit", "VARCHAR", "The part of the organisation, by its key."),
    Column("agent", "VARCHAR", "The person on our side, by their key.", personal=True),
    Column("thread", "VARCHAR", "What binds it to others: order, conversation, case, call, session."),
    Column("attributes", "VARCHAR", "What else was told and allowed in: a JSON object.", personal=True),
)

INTERACTIONS = Table(
    name="interactions",
    meaning="One interaction.",
    columns=(
        Column("interaction_id", "BLOB", "16 bytes made from the source and the sender's message id."),
        Column("identity_id", "BIGINT", "The identifier that came with it; never changed.", personal=True),
        Column("source", "VARCHAR", "The key of the source that sent it."),
        *FACTS,
        Column("month", "VARCHAR", "The UTC month of occurred_at, such as 2026-11: the folder it stands in."),
    ),
    partition_by=("month",),
    statistics=("identity_id", "occurred_at", "received_at", "kind", "metric"),
)

# The partition of a row, whatever the session's zone.
MONTH = "strftime(occurred_at AT TIME ZONE 'UTC', '%Y-%m')"

# A confidential answer counts in figures and stands in no list.
NOT_CONFIDENTIAL = """NOT (kind = 'survey.answered' AND attributes IS NOT NULL
    AND coalesce(json_extract_string(attributes, '$.confidential'), '') IN ('true', '1'))"""
