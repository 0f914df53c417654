"""What is joined to the log for what customers are: their traits and accounts."""

from __future__ import annotations

from collections.abc import Iterable

from regard.metrics.dimensions import trait_alias
from regard.metrics.templates import literal

ACCOUNTS = "LEFT JOIN memberships_now AS membership ON membership.customer_id = entry.customer_id"


def joins_sql(traits: Iterable[str], *, has_account: bool) -> str:
    """The joins to `entry` that conditions and groups read; an account multiplies the rows of who is in several."""
    joins = [
        # One row for each customer, whatever the table holds: a join must never multiply answers.
        f"LEFT JOIN (SELECT customer_id, min(value) AS value FROM traits_now "
        f"WHERE name = {literal(name)} GROUP BY customer_id) AS {trait_alias(name)} "
        f"ON {trait_alias(name)}.customer_id = entry.customer_id"
        for name in sorted(set(traits))
    ]
    return " ".join([*joins, *([ACCOUNTS] if has_account else [])])
