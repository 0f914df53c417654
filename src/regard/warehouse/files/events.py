"""The events of a table as streams of numbers: which case, what happened, when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

import duckdb
import numpy as np
from numpy.typing import NDArray

from regard.kernel.errors import InvalidInput, NotEnoughData
from regard.warehouse.files.chosen import EARLIEST, LATEST, MISSING, Table
from regard.warehouse.files.streams import stream
from regard.warehouse.files.tables import identifier, quote

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
INSTANTS = ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "DATE", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S")
MOST_ACTIVITIES = 20_000
# All activities most likely stand among so many rows.
TELLING_ROWS = 1 << 16
NEVER = -(1 << 63)
# In microseconds since 1970, what can be a time of a customer's.
FIRST, LAST = (int(one.astype("datetime64[us]").astype(np.int64)) for one in (EARLIEST, LATEST))
NOBODY = np.uint64(1 << 63)

Keys = NDArray[np.uint64]
Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """The rows of a table as events, in the order of the table.

    Args:
        most: how many rows there are.
        nobodys: keys that stand for no case: that cell is empty, or the time is.
        batches: of each row the keys of its case and of its activity, and its time in microseconds since 1970. Whole
            numbers are their own keys; of words it is a hash of 64 bits: among a million cases any two share one with
            a chance of 3 in 100 million.
        names: the activities with these keys; None for an empty cell.
            Raises: InvalidInput where there are so many that they are none; NotEnoughData where no activity is given.
    """

    most: int
    nobodys: Keys
    batches: Iterator[tuple[Keys, Keys, Times]]
    names: Callable[[Keys], Sequence[str | None]]


def read_events(table: Table, *, case: str, activity: str, time: str) -> Events:
    """The events that stand in these columns.

    Raises: InvalidInput where there is no such column, or a time that cannot be read.
    """
    table.check(case, activity, time)
    if table.columns[case] in WHOLE:
        key, nobodys = f"COALESCE({identifier(case)}::BIGINT, {NEVER})::BIGINT", np.array([NOBODY])
    else:
        key = f"hash({table.text_sql(case)})"
        nobodys = np.array([*_hashes(table.connection), NOBODY], dtype=np.uint64)
    when = identifier(time) if table.columns[time] in INSTANTS else table.time_sql(time)
    relation = table.connection.sql(
        f"""SELECT {key} AS k, hash({table.text_sql(activity)}) AS a,
                COALESCE({when}::TIMESTAMP, '-infinity'::TIMESTAMP) AS t FROM given"""
    )
    return Events(len(table), nobodys, _batches(table, time, relation), partial(_names, table, activity))


def _batches(
    table: Table, time: str, relation: duckdb.DuckDBPyRelation
) -> Iterator[tuple[Keys, Keys, Times]]:
    has_gaps = False
    for keys, activities, times in stream(relation, [np.uint64, np.uint64, np.int64]):
        if times.min() < FIRST or times.max() >= LAST:
            has_gaps, never = True, (times < FIRST) | (times >= LAST)
            keys, times = np.where(never, NOBODY, keys), np.where(never, 0, times)
        yield keys, activities, times
    if has_gaps:
        table.check_times(time)


def _names(table: Table, activity: str, keys: Keys) -> list[str | None]:
    """What stands in the column where its hash is one of `keys`; most likely all of it in the first rows."""
    nothing = np.array(_hashes(table.connection), dtype=np.uint64)
    if np.count_nonzero(~np.isin(keys, nothing)) > MOST_ACTIVITIES:
        raise InvalidInput(
            "The column '%(column)s' holds more than %(most)s different values; an activity is one of a few kinds of "
            "step. Choose the column that names the kind.",
            column=activity, most=f"{MOST_ACTIVITIES:,}",
        )  # fmt: skip
    found: dict[int, str | None] = {}
    for limit in (f"LIMIT {TELLING_ROWS}", ""):
        rows = table.connection.execute(
            f"SELECT DISTINCT v, hash(v) FROM (SELECT {table.text_sql(activity)} AS v FROM given {limit})"
        ).fetchall()
        found = {key: None if v is None or v.lower() in MISSING else v for v, key in rows}
        if found.keys() >= set(keys.tolist()):
            break
    if not any(found.values()):
        raise NotEnoughData(f"The column '{activity}' is empty; nothing says what happened.")
    return [found[key] for key in keys.tolist()]


def _hashes(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """What empty cells of words hash to, however they are written."""
    spelled = {
        "".join(letters)
        for word in MISSING
        for letters in product(*({one, one.upper()} for one in word))
    }  # fmt: skip
    listed = ", ".join(f"({quote(one)})" for one in sorted(spelled))
    rows = connection.execute(f"SELECT hash(v) FROM (VALUES (NULL), {listed}) AS spelled(v)").fetchall()
    return [one for (one,) in rows]
