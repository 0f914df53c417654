"""Many rows into the operational store, in short transactions: others write in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from django.db import connection, transaction

CHUNK = 10_000  # Rows of one transaction.
TOGETHER = 20  # Rows of one statement: each is a way into the store and back, with other threads in between.


def insert(sql: str, rows: Sequence[tuple[Any, ...]], check: Callable[[], None]) -> None:
    """Insert rows in their order.

    Args:
        sql: with `{}` where the rows' places go.
        check: called inside each transaction; raises where the writer may no longer write.
    """
    if not rows:
        return
    places = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
    several = sql.format(", ".join([places] * TOGETHER))
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        whole = len(part) - len(part) % TOGETHER
        flat = [list(chain.from_iterable(part[i : i + TOGETHER])) for i in range(0, whole, TOGETHER)]
        with transaction.atomic(), connection.cursor() as cursor:
            check()
            if flat:
                cursor.executemany(several, flat)
            if len(part) > whole:
                cursor.executemany(sql.format(places), part[whole:])


def change(sql: str, rows: Sequence[tuple[Any, ...]], check: Callable[[], None]) -> None:
    """Do a statement for each of the rows; `check` as for `insert`."""
    for start in range(0, len(rows), CHUNK):
        with transaction.atomic(), connection.cursor() as cursor:
            check()
            cursor.executemany(sql, rows[start : start + CHUNK])
