"""Columns as groups: for long ones far cheaper than their texts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regard.kernel.errors import unknown_name
from regard.warehouse.files.chosen import MISSING, Table
from regard.warehouse.files.tables import identifier, quote

Groups = tuple[NDArray[np.int64], list[str]]


def grouped(table: Table, *names: str) -> tuple[Groups, ...]:
    """These columns, each an array with the place of each row's group, -1 for a missing value, and the groups' names
    in alphabetical order. The rows are read once for all.

    Raises: InvalidInput where there is no such column.
    """
    _read(table, names)
    return tuple(_group(table, place) for place in range(len(names)))


def numbered(table: Table, name: str) -> NDArray[np.int64]:
    """A column as numbers from 0, the same where it says the same; -1 for a missing value."""
    _read(table, (name,))
    found = table.connection.execute("SELECT hash(g0) AS v, g0 IS NULL AS none FROM grouped").fetchnumpy()
    known = ~np.asarray(found["none"], dtype=bool)
    places = np.full(len(known), -1, dtype=np.int64)
    places[known] = np.unique(np.asarray(found["v"])[known], return_inverse=True)[1]
    return places


def owners(table: Table, name: str) -> NDArray[np.int64]:
    """Whose row each is, as numbers from 0; a row without a value is one of its own."""
    found = numbered(table, name)
    unknown = found < 0
    found[unknown] = found.max(initial=-1) + 1 + np.arange(int(unknown.sum()))
    return found


def _read(table: Table, names: tuple[str, ...]) -> None:
    for name in names:
        if name not in table.columns:
            raise unknown_name("column", name, table.columns)
    missing = ", ".join(quote(one) for one in MISSING)
    columns = []
    for place, name in enumerate(names):
        text = f"trim({identifier(name)}::VARCHAR)"
        columns.append(f"CASE WHEN lower({text}) IN ({missing}) THEN NULL ELSE {text} END AS g{place}")
    table.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE grouped AS SELECT {', '.join(columns)} FROM given"
    )


def _group(table: Table, place: int) -> Groups:
    connection, listed = (
        table.connection,
        f"SELECT DISTINCT g{place} AS v FROM grouped WHERE v IS NOT NULL ORDER BY v",
    )
    names = [value for (value,) in connection.execute(listed).fetchall()]
    if not names:
        return np.full(len(table), -1, dtype=np.int64), names
    connection.execute("DROP TYPE IF EXISTS one_of")
    connection.execute(f"CREATE TEMP TYPE one_of AS ENUM ({listed})")
    codes = connection.execute(f"SELECT enum_code(g{place}::one_of) AS v FROM grouped").fetchnumpy()["v"]
    return np.ma.filled(np.ma.asarray(codes).astype(np.int64), -1), names
