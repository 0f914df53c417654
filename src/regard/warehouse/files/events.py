"""The events of a table as streams of numbers: which case, what happened, when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
CODES = 1 << 16
NEVER = -(1 << 63)
# In microseconds since 1970, what can be a time of a customer's.
FIRST, LAST = (int(one.astype("datetime64[us]").astype(np.int64)) for one in (EARLIEST, LATEST))
NOBODY = np.uint64(1 << 63)

Keys = NDArray[np.uint64]
Codes = NDArray[np.uint16]
Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """The rows of a table as events, in the order of the table.

    Args:
        most: how many rows there are.
        names: the activities, in the order of their names.
        nobodys: keys that stand for no case: that cell is empty, or the activity or the time is.
        batches: of each row the key of its case, its activity as a place in `names`, its time in microseconds since
            1970. Whole numbers are their own keys; of words it is a hash of 64 bits: among a million cases any
            two share one with a chance of 3 in 100 million.
    """

    most: int
    names: tuple[str, ...]
    nobodys: Keys
    batches: Iterator[tuple[Keys, Codes, Times]]


def read_events(table: Table, *, case: str, activity: str, time: str) -> Events:
    """The events that stand in these columns.

    Raises: InvalidInput where there is no such column, a time that cannot be read, or so many activities that they
        are none; NotEnoughData where no activity is given.
    """
    table.check(case, activity, time)
    coded = _activities(table, activity)
    if table.columns[case] in WHOLE:
        key, nobodys = f"COALESCE({identifier(case)}::BIGINT, {NEVER})::BIGINT", np.array([NOBODY])
    else:
        key = f"hash({table.text_sql(case)})"
        nobodys = np.array([*_hashes(table.connection), NOBODY], dtype=np.uint64)
    if table.columns[time] in INSTANTS:
        when = f"epoch_us({identifier(time)}::TIMESTAMP)"
    else:
        when = f"epoch_us({table.time_sql(time)})"
    relation = table.connection.sql(
        f"SELECT {key} AS k, {coded.sql} AS a, COALESCE({when}, {NEVER})::BIGINT AS t FROM given"
    )
    return Events(len(table), coded.names, nobodys, _batches(table, time, relation, coded.places))


@dataclass(frozen=True, slots=True, eq=False)
class _Coded:
    """Activities as numbers: the SQL that gives one below `CODES`, and which name (or none) each stands for."""

    names: tuple[str, ...]
    sql: str
    places: Codes


def _activities(table: Table, activity: str) -> _Coded:
    text = table.text_sql(activity)
    rows = table.connection.execute(
        f"SELECT v, hash(v) FROM (SELECT DISTINCT {text} AS v FROM given LIMIT {MOST_ACTIVITIES + len(MISSING) + 1})"
    ).fetchall()
    names = sorted(v for v, _ in rows if v is not None and v.lower() not in MISSING)
    if not names:
        raise NotEnoughData(f"The column '{activity}' is empty; nothing says what happened.")
    if len(names) > MOST_ACTIVITIES:
        raise InvalidInput(
            "The column '%(column)s' holds more than %(most)s different values; an activity is one of a few kinds of "
            "step. Choose the column that names the kind.",
            column=activity, most=f"{MOST_ACTIVITIES:,}",
        )  # fmt: skip
    place = {name: number for number, name in enumerate(names)}
    places = np.full(CODES, len(names), dtype=np.uint16)
    hashes = np.array([one for _, one in rows], dtype=np.uint64)
    values = [place.get(v, len(names)) for v, _ in rows]
    for shift in range(49):
        windows = (hashes >> np.uint64(shift)) & np.uint64(CODES - 1)
        if len(np.unique(windows)) == len(windows):
            places[windows] = values
            return _Coded(tuple(names), f"((hash({text}) >> {shift}) & {CODES - 1})::USMALLINT", places)
    listed = ", ".join(quote(name) for name in names)
    table.connection.execute(f"CREATE OR REPLACE TEMP TYPE activity AS ENUM ({listed})")
    places[: len(names)] = np.arange(len(names))
    return _Coded(
        tuple(names),
        f"COALESCE(enum_code(TRY_CAST({text} AS activity)), {CODES - 1})::USMALLINT",
        places,
    )


def _batches(
    table: Table, time: str, relation: duckdb.DuckDBPyRelation, places: Codes
) -> Iterator[tuple[Keys, Codes, Times]]:
    unknown, has_gaps = places.max(), False
    for keys, given, times in stream(relation, [np.uint64, np.uint16, np.int64]):
        codes: Codes = places.take(given, mode="clip")  # all lie inside; clipping is quicker than checking
        wrong = codes == unknown if codes.max() == unknown else None
        is_odd = times.min() < FIRST or times.max() >= LAST
        never = (times < FIRST) | (times >= LAST) if is_odd else None
        if wrong is not None or never is not None:
            nobody = np.zeros(len(keys), dtype=bool)
            nobody |= wrong if wrong is not None else False
            if never is not None:
                nobody |= never
                has_gaps = True
            keys, codes = np.where(nobody, NOBODY, keys), np.where(nobody, 0, codes).astype(np.uint16)
            times = np.where(nobody, 0, times)
        yield keys, codes, times
    if has_gaps:
        table.check_times(time)


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
