"""The intervals that a file or a forecast tells of."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from regard.analyses.durations import seconds_of
from regard.analytics.arrays import Floats, floats
from regard.kernel.errors import InvalidInput
from regard.warehouse.files.chosen import Table, open_table

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
FORECAST = ("time", "value", "low", "high")


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """What the file says of each interval; `low` and `high` are None where it has no such columns.

    Args:
        confidence: how sure a forecast is that its ends hold what comes.
    """

    names: list[str]
    calls: Floats
    handling: Floats
    low: Floats | None
    high: Floats | None
    confidence: float = 0.95


def read_day(args: argparse.Namespace) -> Day:
    """The day in the file. Raises: InvalidInput where a row lacks its calls, or says something that cannot be."""
    with open_table(Path(args.file)) as table:
        calls = _whole(table, args.calls)
        if args.aht in table.columns:
            handling = _whole(table, args.aht)
        else:
            handling = np.full(len(calls), seconds_of(args.aht, unit="s"))
        low, high = (_whole(table, name) if name else None for name in (args.low, args.high))
        names = [str(place + 1) for place in range(len(calls))]
        if args.time:
            names = [one or names[place] for place, one in enumerate(table.texts(args.time)[0])]
    if (low is not None and (low > calls).any()) or (high is not None and (high < calls).any()):
        raise InvalidInput(
            "A forecast's calls must lie between its low and its high end; see the columns given."
        )
    return Day(names, calls, handling, low, high)


def _whole(table: Table, name: str) -> Floats:
    (values,) = table.numbers(name)
    if np.isnan(values).any():
        raise InvalidInput(
            "The column '%(column)s' is empty in %(n)s rows; write 0 where nobody calls, or leave the rows out.",
            column=name, n=f"{int(np.isnan(values).sum()):,}",
        )  # fmt: skip
    return values


def read_column(args: argparse.Namespace, name: str) -> Floats:
    """One more column of the file."""
    if not args.file:
        raise InvalidInput("'%(given)s' is no number, and a column needs a file.", given=name)
    with open_table(Path(args.file)) as table:
        return _whole(table, name)


def read_forecast(args: argparse.Namespace) -> tuple[Day, float]:
    """What `regard forecast` wrote, by --out or --json, and the seconds of its intervals.

    Raises: InvalidInput where the file is something else.
    """
    path, confidence = Path(args.forecast), 0.95
    if path.suffix.lower() == ".json":
        names, columns, confidence = _of_document(path)
    else:
        with open_table(path) as table:
            table.check(*FORECAST)
            names = [one or "" for one in table.texts("time")[0]]
            columns = [_whole(table, name) for name in FORECAST[1:]]
    calls, low, high = columns
    if len(names) < 2:
        raise InvalidInput("A forecast of one interval is no day; give its calls with --calls and --per.")
    try:
        starts = [datetime.fromisoformat(one).timestamp() for one in names]
    except ValueError:
        raise InvalidInput(
            "The forecast's column 'time' needs times such as 2026-01-31T09:00:00+02:00."
        ) from None
    every = float(np.median(np.diff(starts)))
    if every <= 0:
        raise InvalidInput("The forecast's times must follow each other; sort them.")
    low, high = np.minimum(low, calls), np.maximum(high, calls)
    handling = np.full(len(names), seconds_of(args.aht, unit="s"))
    return Day(names, calls, handling, floats(low), floats(high), confidence), every


def _of_document(path: Path) -> tuple[list[str], list[Floats], float]:
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        rows, confidence = given["forecast"], float(given.get("confidence", 0.95))
        names = [str(row["time"]) for row in rows]
        return names, [floats([row[name] for row in rows]) for name in FORECAST[1:]], confidence
    except OSError as error:
        raise InvalidInput(
            "The forecast '%(given)s' cannot be read: %(why)s.", given=path.name, why=error.strerror
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidInput(
            "The file '%(given)s' is no forecast. Give what `regard forecast` wrote, by --json or --out.",
            given=path.name,
        ) from None


def read_name(name: str) -> str:
    """An interval's name; of an instant the day and the time on the clock.

    >>> read_name("2026-03-02T09:30:00+02:00"), read_name("09:30")
    ('2026-03-02 09:30', '09:30')
    """
    return f"{name[:10]} {name[11:16]}" if INSTANT.match(name) else name
