"""Which accounts (companies, households) an identity belongs to."""

from __future__ import annotations

from regard.warehouse.schema.table import Column, Table

MEMBERSHIPS = Table(
    name="memberships",
    meaning="One statement that an identity belongs to an account; the latest version of the pair wins.",
    columns=(
        Column("identity_id", "BIGINT", "The identifier.", personal=True),
        Column("account", "VARCHAR", "The account by its key; never empty.", personal=True),
        Column("version", "BIGINT", "The number of the statement; the largest wins."),
    ),
    statistics=("identity_id", "version"),
    key=("identity_id", "account"),
)
