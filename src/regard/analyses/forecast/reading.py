"""The rows that the command was told of, gathered to intervals of the organisation's days."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from regard.analyses.forecast.asked import Asked, zone_of
from regard.analyses.reading import given_rows
from regard.analytics.arrays import Floats, divide
from regard.analytics.forecasting.clock import Clock, Codes
from regard.kernel.errors import NotEnoughData
from regard.warehouse.files.chosen import Table

MOST_PAST = 40_000


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """What came, interval by interval.

    Args:
        title: what people call the rows. name: of what is foretold.
        slots: array (n,), the intervals by number. values: array (n,), not a number for gaps.
        n_rows: what they are made from. left_out: rows without a time or a value, or not of a whole interval.
        older: intervals longer ago than are looked at.
    """

    title: str
    name: str
    zone: ZoneInfo
    clock: Clock
    slots: Codes
    values: Floats
    n_rows: int
    left_out: int
    older: int


def read_past(args: argparse.Namespace, asked: Asked) -> Past:
    """The past in the rows. Raises: InvalidInput, NotEnoughData where there is none."""
    columns = [asked.time, *([asked.value] if asked.value else [])]
    with given_rows(args, columns) as table:
        zone = asked.zone or zone_of(table.zone)
        seconds, is_whole, values = _rows(table, asked, zone)
        title, n_all = table.title, len(table)
    end = _end(args, zone)
    if end is not None:
        kept = seconds < end
        seconds, values = seconds[kept], values[kept]
    if not len(seconds):
        raise NotEnoughData(
            f"No row of {title} has a time{' before --until' if end is not None else ''}. Check --time '{asked.time}'."
        )
    last = max(int(seconds.max()), end or 0)
    clock = Clock.of(zone, asked.every, int(seconds.min()), last + int(asked.every) * (asked.horizon + 2))
    slots = clock.slots(seconds)
    first, stop = int(slots.min()), int(slots.max()) + 1
    if end is not None:
        stop = int(clock.slots(np.array([end]))[0])
    elif not (is_whole and (clock.shown(slots) == _shown(clock, seconds)).all()):
        first, stop = first + 1, stop - 1
    older = max(stop - first - MOST_PAST, 0)
    first += older
    inside = (slots >= first) & (slots < stop)
    found = _gathered(clock, slots[inside] - first, values[inside], max(stop - first, 0), first, asked)
    name = asked.value or "rows"
    return Past(
        title, name, zone, clock, np.arange(first, first + len(found)), found, n_all,
        n_all - int(inside.sum()), older,
    )  # fmt: skip


def _rows(table: Table, asked: Asked, zone: ZoneInfo) -> tuple[Codes, bool, Floats]:
    """The seconds and values of the rows that have a time, and whether all times are whole seconds."""
    (times,) = table.times(asked.time, zone=zone.key)
    values = table.numbers(asked.value)[0] if asked.value else np.ones(len(times))
    known = ~np.isnat(times)
    micros: NDArray[np.int64] = times[known].astype("datetime64[us]").astype(np.int64)
    return micros // 1_000_000, bool((micros % 1_000_000 == 0).all()), values[known]


def _shown(clock: Clock, seconds: Codes) -> Codes:
    return seconds + clock.offsets[np.searchsorted(clock.changes, seconds, side="right") - 1]


def _end(args: argparse.Namespace, zone: ZoneInfo) -> int | None:
    if not args.until:
        return None
    from regard.metrics.moments import read_time

    return int(read_time(args.until, zone).timestamp())


def _gathered(clock: Clock, places: Codes, values: Floats, n: int, first: int, asked: Asked) -> Floats:
    """What the rows of each interval come to; of an hour that comes twice, that of one of the two."""
    known = np.isfinite(values)
    counts = np.bincount(places[known], minlength=n).astype(np.float64)
    sums = np.bincount(places[known], values[known], minlength=n)
    if asked.is_mean:
        return divide(sums, counts)
    shares = clock.shares(np.arange(first, first + n))
    found = np.where(counts > 0, sums, 0.0 if asked.fills else np.nan)
    return divide(found, shares)
