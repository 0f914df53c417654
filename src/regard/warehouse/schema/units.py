"""The parts of the organisation, as a tree."""

from __future__ import annotations

from regard.warehouse.schema.table import Column, Table

UNITS = Table(
    name="units",
    meaning="One part of the organisation; the whole table is written anew when the organisation changes.",
    columns=(
        Column("unit", "VARCHAR", "The unit's key, as in the log."),
        Column("title", "VARCHAR", "Its name."),
        Column("parent", "VARCHAR", "The key of the unit it belongs to; empty at the top."),
    ),
)
