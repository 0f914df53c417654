"""What is known of a customer beside the interactions: plan, segment, region. Only allowed names enter."""

from __future__ import annotations

from regard.warehouse.schema.table import Column, Table

TRAITS = Table(
    name="traits",
    meaning="One statement of a trait; the latest version of an identity and name wins, then of the customer.",
    columns=(
        Column("identity_id", "BIGINT", "The identifier.", personal=True),
        Column("name", "VARCHAR", "The trait's name, such as plan."),
        Column("value", "VARCHAR", "Its value as text; empty once it was taken back.", personal=True),
        Column("version", "BIGINT", "The number of the statement; the largest wins."),
    ),
    statistics=("identity_id", "version"),
    key=("identity_id", "name"),
)
