"""Grain: one customer within one period: who was here at its start, and still at its end."""

from __future__ import annotations

from regard.metrics.relations.money import NOT_TRIAL
from regard.metrics.relations.relation import KNOWN, Reach, Relation
from regard.metrics.settings import Setting

BASIS = Setting(
    "basis",
    "subscription",
    "who is a customer: the holder of a subscription that is no trial, or who bought lately",
    ("subscription", "purchase"),
)
INACTIVITY_DAYS = Setting(
    "inactivity_days",
    365.0,
    "with basis=purchase: days without an order after which a customer counts as lost",
)

ENDED = "kind = 'subscription.ended'"
SAME_THREAD = """ends.customer_id = source.customer_id AND ends.source IS NOT DISTINCT FROM source.source
    AND ends.thread IS NOT DISTINCT FROM source.thread"""

stays = Relation(
    grain="customer-period",
    reads=("subscription.started", "subscription.ended", "order.placed"),
    filter=f"""(($basis = 'subscription' and kind in ('subscription.started', 'subscription.ended') and {NOT_TRIAL})
        or ($basis = 'purchase' and kind = 'order.placed')) and {KNOWN}""",
    reach=Reach.ALL,
    spans=True,
    alone=True,
    rows=f"""
        WITH ends AS (
            SELECT customer_id, source, thread, min(occurred_at) AS ended_at, count(*) AS n_ends
            FROM source WHERE {ENDED} GROUP BY customer_id, source, thread),
        begun AS (
            SELECT source.*, coalesce(n_ends, 0) AS n_ends, CASE
                WHEN $basis = 'purchase' THEN occurred_at + to_seconds($inactivity_days * 86400)
                WHEN ended_at > occurred_at THEN ended_at END AS left_at
            FROM source LEFT JOIN ends ON {SAME_THREAD} WHERE NOT {ENDED}),
        tangled AS (
            SELECT source.*, n_ends, min(CASE WHEN {ENDED} THEN occurred_at END) OVER (
                PARTITION BY source.customer_id, source.source, source.thread ORDER BY occurred_at, kind
                ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS left_at
            FROM source JOIN ends ON {SAME_THREAD} WHERE n_ends > 1),
        spans AS (
            SELECT * FROM begun WHERE n_ends < 2 AND coalesce(left_at >= $since, true)
            UNION ALL SELECT * FROM tangled WHERE NOT {ENDED} AND coalesce(left_at >= $since, true)),
        busy AS (SELECT customer_id FROM spans GROUP BY customer_id HAVING count(*) > 1),
        single AS (SELECT spans.* FROM spans ANTI JOIN busy ON busy.customer_id = spans.customer_id),
        again AS (SELECT spans.* FROM spans JOIN busy ON busy.customer_id = spans.customer_id),
        once AS (
            SELECT single.*, pieces.piece, coalesce(single.left_at >= pieces.ends, true) AS stayed FROM single
            JOIN pieces ON single.occurred_at < pieces.starts AND coalesce(single.left_at >= pieces.starts, true)),
        at_start AS (
            SELECT again.*, pieces.piece FROM again
            JOIN pieces ON again.occurred_at < pieces.starts AND coalesce(again.left_at >= pieces.starts, true)
            QUALIFY row_number() OVER (
                PARTITION BY again.customer_id, pieces.piece ORDER BY again.occurred_at DESC, interaction_id) = 1),
        at_end AS (
            SELECT DISTINCT again.customer_id, pieces.piece FROM again
            JOIN pieces ON again.occurred_at < pieces.ends AND coalesce(again.left_at >= pieces.ends, true))
        SELECT * FROM once
        UNION ALL SELECT at_start.*, at_end.customer_id IS NOT NULL AS stayed
        FROM at_start LEFT JOIN at_end ON at_end.customer_id = at_start.customer_id AND at_end.piece = at_start.piece""",
)

FROM_KIND = Setting("from_kind", "checkout.started", "the kind that begins")
TO_KIND = Setting("to_kind", "order.placed", "the kind that it should lead to")
WITHIN_DAYS = Setting("within_days", 7.0, "days within which it must follow")

conversions = Relation(
    grain="customer-period",
    reads=("checkout.started", "order.placed"),
    needs=(("$from_kind",), ("$to_kind",)),
    filter=f"(kind = $from_kind or kind = $to_kind) and {KNOWN}",
    reach=Reach.ALL,
    rows="""
        SELECT *, coalesce(epoch_us(follows_at) - epoch_us(occurred_at) <= $within_days * 86400000000, false) AS converted
        FROM (SELECT *, min(CASE WHEN kind = $to_kind THEN occurred_at END) OVER (
            PARTITION BY customer_id ORDER BY occurred_at, kind = $to_kind, interaction_id
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS follows_at FROM source)
        WHERE kind = $from_kind""",
    settled="$within_days * 86400",
)
