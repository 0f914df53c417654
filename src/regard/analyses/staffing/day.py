"""The people whom each interval of a day needs, with the forecast's uncertainty carried through."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from regard.analyses.durations import seconds_of
from regard.analyses.staffing.asked import Asked
from regard.analyses.staffing.interval import UNSTABLE, figures
from regard.analyses.telling import Answer, Sheet, number
from regard.analytics.arrays import Floats
from regard.kernel.errors import InvalidInput
from regard.warehouse.files.chosen import Table, open_table


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """What the file says of each interval; `low` and `high` are None where it has no such columns."""

    names: list[str]
    calls: Floats
    handling: Floats
    low: Floats | None
    high: Floats | None


def staff_day(args: argparse.Namespace, asked: Asked) -> Answer:
    """The answer for a file of intervals."""
    day = _read(args)
    offered = asked.offered(day.calls, day.handling)
    agents = asked.enough(offered)
    served = asked.served(offered, agents)
    fewer = asked.served(offered, np.where(offered.load > 0, np.maximum(agents - 1, 1), 0)).level(asked.level)
    ends = {
        name: None if calls is None else asked.enough(asked.offered(calls, day.handling))
        for name, calls in (("low", day.low), ("high", day.high))
    }
    intervals = []
    for place, name in enumerate(day.names):
        one = {"interval": name, "calls": float(day.calls[place]), **figures(asked, served, place)}
        one["one_fewer"] = float(fewer[place]) if agents[place] > 1 else None
        for end, found in ends.items():
            if found is not None:
                one[f"agents_{end}"] = int(found[place])
                one[f"scheduled_{end}"] = int(asked.scheduled(found)[place])
        intervals.append(one)
    hours = asked.per / 3600
    document = {
        "model": asked.model,
        "intervals": intervals,
        "peak_agents": int(agents.max()),
        "agent_hours": float(agents.sum() * hours),
        "scheduled_hours": float(asked.scheduled(agents).sum() * hours),
        "service_level": _overall(day.calls, served.level(asked.level)),
        "target": {"share": asked.target, "seconds": asked.within, "level": asked.level.ratio},
        "method": f"{asked.method}; each interval by itself, in its long run",
        "source": asked.source,
    }
    notes = [
        *asked.notes,
        "Each interval stands by itself: calls left over from the one before are not carried on.",
    ]
    return Answer(
        document, lines=_lines(document), sheets=[_sheet(intervals, ends["high"] is not None)], notes=notes
    )


def _read(args: argparse.Namespace) -> Day:
    """The day in the file. Raises: InvalidInput where a row lacks its calls, or says something that cannot be."""
    with open_table(Path(args.file)) as table:
        calls = _whole(table, args.calls)
        if args.aht in table.columns:
            handling = _whole(table, args.aht)
        else:
            handling = np.full(len(calls), seconds_of(args.aht))
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


def _overall(calls: Floats, level: Floats) -> float:
    """The service level of the whole day: that of its calls, not of its intervals."""
    some = calls > 0
    return float(np.average(level[some], weights=calls[some])) if some.any() else 1.0


def _lines(document: dict[str, Any]) -> list[str]:
    unstable = sum(one["status"] == UNSTABLE for one in document["intervals"])
    if unstable:
        return [f"Unstable in {unstable:,} intervals: there the queue grows without end."]
    return [
        f"At most {document['peak_agents']:,} agents at once; {number(document['agent_hours'], 1)} agent hours, "
        f"{number(document['scheduled_hours'], 1)} scheduled.",
        f"Over the whole time {number(100 * document['service_level'], 1)}% of the calls are answered in time.",
    ]


def _sheet(intervals: list[dict[str, Any]], spread: bool) -> Sheet:
    rows = []
    for one in intervals:
        steady = one["status"] != UNSTABLE
        row = [one["interval"], number(one["calls"], 1), f"{one['agents']:,}"]
        if spread:
            row.append(f"{one.get('agents_low', one['agents']):,} to {one['agents_high']:,}")
        row.append(f"{one['scheduled']:,}")
        row.append(number(100 * one["service_level"], 1) + "%" if steady else UNSTABLE)
        row.append("–" if one["one_fewer"] is None else number(100 * one["one_fewer"], 1) + "%")
        row.append(number(one["mean_wait_seconds"], 1) + " s")
        row.append(number(100 * one["occupancy"], 1) + "%")
        rows.append(row)
    columns = ["interval", "calls", "agents", *(["low to high"] if spread else []), "scheduled", "in time"]
    columns += ["with one fewer", "mean wait", "busy"]
    return Sheet(columns, rows, numeric=range(1, len(columns)))
