"""Grain: one payment, or one customer by their first."""

from __future__ import annotations

from regard.metrics.relations.relation import KNOWN, Reach, Relation
from regard.metrics.settings import Setting

PAID = (
    *("order.placed", "order.refunded", "order.returned", "order.cancelled"),
    *("subscription.started", "subscription.renewed"),
)
PAID_KINDS = Setting(
    "revenue_kinds", PAID, "kinds whose amounts are revenue; invoices bill what was ordered before"
)
WON = ("order.placed", "subscription.started")
NOT_TRIAL = (
    "coalesce(lower(json_extract_string(attributes, '$.\"trial\"')), 'false') not in ('true', '1', 'yes')"
)

payments = Relation(
    grain="interaction",
    reads=PAID,
    filter="kind in ($revenue_kinds) and amount_minor is not null",
)

orders = Relation(grain="interaction", reads=("order.placed",))

priced_orders = Relation(
    grain="interaction",
    reads=("order.placed",),
    filter="kind in ($kinds) and amount_minor is not null",
)

first_payments = Relation(
    grain="customer-period",
    reads=PAID,
    filter=f"kind in ($revenue_kinds) and amount_minor is not null and {KNOWN}",
    reach=Reach.ALL,
    alone=True,
    rows="""
        WITH lately AS (SELECT * FROM source WHERE coalesce(occurred_at >= $since, true)),
        paid AS (
            SELECT customer_id, currency, sum(amount_minor) AS paid, min(occurred_at) AS first_at
            FROM lately GROUP BY customer_id, currency),
        fresh AS (
            SELECT paid.* FROM paid ANTI JOIN (
                SELECT customer_id, currency FROM source WHERE occurred_at < $since) AS before
            ON before.customer_id = paid.customer_id AND before.currency IS NOT DISTINCT FROM paid.currency)
        SELECT lately.*, fresh.paid FROM lately JOIN fresh ON fresh.customer_id = lately.customer_id
            AND fresh.currency IS NOT DISTINCT FROM lately.currency AND fresh.first_at = lately.occurred_at
        QUALIFY row_number() OVER (PARTITION BY lately.customer_id, lately.currency ORDER BY lately.interaction_id) = 1""",
)

costs_and_customers_won = Relation(
    grain="customer-period",
    reads=("cost.recorded", *WON),
    needs=(("cost.recorded",), WON),
    filter=f"kind = 'cost.recorded' or (kind in ('order.placed', 'subscription.started') and {NOT_TRIAL} and {KNOWN})",
    reach=Reach.ALL,
    rows="""
        WITH costs AS (SELECT * FROM source WHERE kind = 'cost.recorded' AND amount_minor IS NOT NULL),
        firsts AS (
            SELECT * FROM source WHERE kind <> 'cost.recorded'
            QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY occurred_at, interaction_id) = 1),
        monies AS (SELECT DISTINCT currency AS money FROM costs)
        SELECT * EXCLUDE (currency), currency, abs(amount_minor) AS cost, 0 AS won FROM costs
        UNION ALL SELECT firsts.* EXCLUDE (currency), monies.money AS currency, 0 AS cost, 1 AS won
        FROM firsts, monies""",
)
