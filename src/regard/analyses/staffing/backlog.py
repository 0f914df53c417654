"""The people whom work needs that may wait: letters, claims, cases of the back office."""

from __future__ import annotations

import argparse
import math
from dataclasses import replace
from typing import Any

import numpy as np

from regard.analyses.durations import said_seconds, seconds_of
from regard.analyses.figures import number_of
from regard.analyses.staffing.asked import Asked
from regard.analyses.staffing.picture import draw_backlog
from regard.analyses.staffing.reading import Day, read_column, read_name
from regard.analyses.telling import Answer, Sheet, number
from regard.analytics.arrays import Floats
from regard.analytics.queues.backlog import METHOD, SOURCE, Worked, fewest_people, whole, work_off
from regard.kernel.errors import InvalidInput

HOUR = 3600


def staff_backlog(args: argparse.Namespace, asked: Asked, day: Day) -> Answer:
    """The answer for work that comes interval by interval and is due within `--due`."""
    due = math.floor(seconds_of(args.due) / asked.per + 1e-9) if args.due != "0" else 0
    hours = _hours(args, asked, len(day.calls))
    day = _with_backlog(args, day)
    work = day.calls * day.handling
    if due >= len(work):
        raise InvalidInput(
            "Nothing is due within the %(n)s intervals given; give more of them, or a shorter --due.",
            n=len(work),
        )
    needed = asked.agents if asked.agents is not None else _people(work, hours, due)
    worked = work_off(work, hours, needed, due)
    fewer = work_off(work, hours, needed - 1, due) if needed > 1 else None
    intervals = _intervals(day, worked)
    document: dict[str, Any] = {
        "model": "backlog",
        "agents": needed,
        "scheduled": int(asked.scheduled(np.array([float(needed)]))[0]),
        "service_level": worked.on_time,
        "occupancy": float(worked.done.sum() / (needed * hours.sum())) if needed else 0.0,
        "due_seconds": due * asked.per,
        "open_at_end": _left(worked, day),
        "one_fewer": None
        if fewer is None
        else {"agents": needed - 1, "service_level": fewer.on_time, "open_at_end": _left(fewer, day)},
        **_at_ends(day, hours, due),
        "intervals": intervals,
        "method": METHOD,
        "source": SOURCE,
    }
    return Answer(
        document,
        lines=_lines(document, asked),
        sheets=[_sheet(intervals, asked)],
        notes=_notes(worked),
        draw=lambda: draw_backlog(asked, worked.open / day.handling),
    )


def _at_ends(day: Day, hours: Floats, due: int) -> dict[str, int]:
    """The people if the ends of the forecast came true."""
    ends = {"agents_low": day.low, "agents_high": day.high}
    return {
        name: _people(calls * day.handling, hours, due) for name, calls in ends.items() if calls is not None
    }


def _people(work: Floats, hours: Floats, due: int) -> int:
    """Enough for what is due, and for as much as comes: else what is open grows, though not yet due in these intervals."""
    return whole(max(fewest_people(work, hours, due), float(work.sum() / hours.sum())))


def _left(worked: Worked, day: Day) -> float:
    """The items that are open at the end."""
    return float(worked.open[-1] / day.handling[-1])


def _hours(args: argparse.Namespace, asked: Asked, n: int) -> Floats:
    """The seconds that one person works in each interval."""
    if not args.hours:
        return np.full(n, min(asked.per, 8.0 * HOUR))
    try:
        hours = np.full(n, float(args.hours))
    except ValueError:
        hours = read_column(args, args.hours)
    if (
        not np.isfinite(hours).all()
        or (hours < 0).any()
        or (hours * HOUR > asked.per).any()
        or not hours.any()
    ):
        raise InvalidInput(
            "--hours needs the hours that one person works in an interval (or a column of them), 0 or more and no longer "
            "than the interval itself."
        )
    return hours * HOUR


def _with_backlog(args: argparse.Namespace, day: Day) -> Day:
    """What is open at the beginning comes with the first interval, and is due with it."""
    if not args.backlog:
        return day
    open_ = number_of(args.backlog, "--backlog")
    if open_ < 0:
        raise InvalidInput("--backlog needs a number from 0 on, not '%(given)s'.", given=args.backlog)
    first = np.zeros(len(day.calls))
    first[0] = open_
    low, high = (None if one is None else one + first for one in (day.low, day.high))
    return replace(day, calls=day.calls + first, low=low, high=high)


def _intervals(day: Day, worked: Worked) -> list[dict[str, Any]]:
    return [
        {
            "interval": name,
            "items": float(day.calls[place]),
            "done": float(worked.done[place] / day.handling[place]),
            "open": float(worked.open[place] / day.handling[place]),
            "oldest_intervals": int(worked.waits[place]),
            "late": None if np.isnan(worked.late[place]) else float(worked.late[place] / day.handling[place]),
        }
        for place, name in enumerate(day.names)
    ]


def _lines(document: dict[str, Any], asked: Asked) -> list[str]:
    people = f"{document['agents']:,} {'person does' if document['agents'] == 1 else 'people do'}"
    due = (
        said_seconds(document["due_seconds"]) if document["due_seconds"] else "the interval in which it comes"
    )
    said = f"{people} {number(100 * document['service_level'], 1)}% of the work within {due}"
    if asked.shrinkage:
        said += f"; {document['scheduled']:,} must be scheduled"
    lines = [said + "."]
    lines[0] = lines[0][:-1] + f", and {number(document['open_at_end'], 0)} are open at the end."
    if document["one_fewer"]:
        fewer = document["one_fewer"]
        lines.append(
            f"One fewer does {number(100 * fewer['service_level'], 1)}%, and leaves {number(fewer['open_at_end'], 0)} open."
        )
    if "agents_high" in document:
        lines.append(
            f"At the ends of the forecast it takes {document['agents_low']:,} to {document['agents_high']:,}."
        )
    return lines


def _sheet(intervals: list[dict[str, Any]], asked: Asked) -> Sheet:
    rows = [
        [
            read_name(one["interval"]).removesuffix(" 00:00"),
            number(one["items"], 0),
            number(one["done"], 0),
            number(one["open"], 0),
            said_seconds(one["oldest_intervals"] * asked.per) if one["open"] else "–",
            number(one["late"], 0),
        ]
        for one in intervals
    ]
    columns = ["interval", "come", "done", "open after it", "oldest", "of these late"]
    return Sheet(columns, rows, numeric=range(1, len(columns)))


def _notes(worked: Worked) -> list[str]:
    said = [
        "What comes in an interval may be begun in it. Work is taken in the order of its coming, by the mean handling time."
    ]
    left = int(np.isnan(worked.late).sum())
    if left:
        said.append(f"What comes in the last {left:,} intervals is due after them and is not judged.")
    return said
