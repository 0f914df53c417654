"""A look at the first rows of a file as they will be, before any of it is taken in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from regard.kernel.errors import InvalidInput
from regard.warehouse.files.reader import FileReader, IncompleteMapping
from regard.warehouse.files.scales import WrongScale
from regard.warehouse.files.unreadable import gather

SHOWN_ROWS = 8
SHOWN_REASONS = 6


@dataclass(frozen=True, slots=True)
class Refused:
    """One reason why rows of the first ones will be refused: how many, the first of them, and what they have there."""

    reason: str
    n: int
    line: int
    raw: str
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows as they will be.

    Args:
        rows: some interactions, by column of `incoming`.
        n_read: rows looked at; n_interactions: what they give; refused: why some of them may not enter.
        problem: what is wrong with the mapping as a whole.
    """

    rows: tuple[dict[str, object], ...] = ()
    n_read: int = 0
    n_interactions: int = 0
    n_refused: int = 0
    refused: tuple[Refused, ...] = ()
    problem: str = ""


def look_at(opened: Callable[[], FileReader]) -> Preview:
    """The first rows of the file that `opened` opens, by the mapping that it is opened with."""
    try:
        reader = opened()
    except IncompleteMapping:
        return Preview(problem="no_time")
    except InvalidInput as error:
        return Preview(problem=str(error))
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'; SET threads = 1")
        try:
            batch = reader.preview(connection)
        except WrongScale as error:
            return Preview(problem=str(error))
        if batch is None:
            return Preview()
        # One of each question first, so that a row of many ratings does not hide all others.
        cursor = connection.execute(
            f"""SELECT *, row_number() OVER (PARTITION BY kind, metric) AS nth FROM {batch.incoming}
                ORDER BY nth, metric IN ('nps', 'csat', 'ces') DESC NULLS LAST LIMIT {SHOWN_ROWS}"""
        )
        names = [column[0] for column in cursor.description or ()]
        rows = tuple(dict(zip(names, row, strict=True)) for row in cursor.fetchall())
        [(n,)] = connection.execute(f"SELECT count(*) FROM {batch.incoming}").fetchall()
        refused = connection.execute(
            f"SELECT reason, count(*), min(line), arg_min(raw, line) FROM {batch.rejected} GROUP BY reason"
        ).fetchall()
        [(n_refused,)] = connection.execute(f"SELECT count(*) FROM {batch.rejected}").fetchall()
    told = [Refused(one.reason, one.n, one.line, one.raw, tuple(one.given)) for one in gather(refused)]
    return Preview(rows, batch.n_read, n, n_refused, tuple(told[:SHOWN_REASONS]))
