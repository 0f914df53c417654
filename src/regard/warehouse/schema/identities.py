"""Who an identifier belongs to today. Only joined ones have rows: one without a row is its own customer."""

from __future__ import annotations

from regard.warehouse.schema.table import Column, Table

IDENTITIES = Table(
    name="identities",
    meaning="One statement that an identity belongs to a customer; the latest version of an identity wins.",
    columns=(
        Column("identity_id", "BIGINT", "The identifier.", personal=True),
        Column("customer_id", "BIGINT", "The customer: the smallest identity joined with it.", personal=True),
        Column("version", "BIGINT", "The number of the statement; the largest wins."),
    ),
    statistics=("identity_id", "version"),
    key=("identity_id",),
)
