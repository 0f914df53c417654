"""What follows from the warehouse's tables, the same in every engine: who is whose today, in DuckDB's dialect."""

from __future__ import annotations

from regard.warehouse.log import LOG_COLUMNS
from regard.warehouse.schema.table import Table

CUSTOMERS_NOW = """
    SELECT identity_id, customer_id FROM (
        SELECT identity_id, arg_max(customer_id, version) AS customer_id FROM all_identities GROUP BY ALL
    ) WHERE customer_id <> identity_id ORDER BY identity_id"""


def interactions(*, has_links: bool) -> str:
    """The log with `customer_id`, whose each interaction is today."""
    columns = ", ".join(f"fact.{name}" for name in LOG_COLUMNS)
    return f"SELECT {columns}, {_customer(has_links)} AS customer_id FROM log AS fact {_link(has_links)}"


def memberships_now(*, has_links: bool) -> str:
    """The accounts of today's customers."""
    return (
        f"SELECT DISTINCT {_customer(has_links)} AS customer_id, fact.account "
        f"FROM all_memberships AS fact {_link(has_links)}"
    )


def traits_now(*, has_links: bool) -> str:
    """What is known of today's customers: the latest value of each trait, unless it was taken back."""
    return f"""
        SELECT customer_id, name, latest.value AS value FROM (
            SELECT {_customer(has_links)} AS customer_id, fact.name,
                   arg_max(struct_pack(value := fact.value), fact.version) AS latest
            FROM all_traits AS fact {_link(has_links)} GROUP BY ALL
        ) WHERE latest.value IS NOT NULL"""


def nothing(table: Table) -> str:
    """The columns and types of a table without files."""
    columns = ", ".join(f"NULL::{column.type} AS {column.name}" for column in table.columns)
    return f"SELECT {columns} WHERE false"


def _link(has_links: bool) -> str:
    return "LEFT JOIN customers_now AS link USING (identity_id)" if has_links else ""


def _customer(has_links: bool) -> str:
    return "coalesce(link.customer_id, fact.identity_id)" if has_links else "fact.identity_id"
