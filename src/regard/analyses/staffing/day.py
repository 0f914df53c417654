"""The people whom each interval of a day needs, with the forecast's uncertainty carried through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from regard.analyses.staffing.asked import ERLANG_A, Asked
from regard.analyses.staffing.interval import UNSTABLE, figures
from regard.analyses.staffing.picture import draw_day
from regard.analyses.staffing.reading import Day, read_name
from regard.analyses.telling import Answer, Sheet, number
from regard.analytics.arrays import Floats, root
from regard.analytics.distributions.normal import normal_quantile
from regard.analytics.queues.offered import Offered

# Where a normal distribution is looked at, in standard deviations, and how much each place counts (Gauss and Hermite).
PARTS, WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
OPEN = (
    "what a forecast leaves open is normal, less the chance of single calls, which the queue knows of itself"
)
# So many intervals before are played again for one fewer.
MEMORY = 4
KEPT = "Each interval stands by itself; with --carry-over it begins with the queue of the one before."
CARRIED = (
    "Each interval begins with the queue of the one before; one fewer is one fewer in that interval only."
)


def staff_day(day: Day, asked: Asked) -> Answer:
    """The answer for intervals one after the other."""
    offered = asked.offered(day.calls, day.handling)
    agents = asked.enough(offered)
    served = asked.served_in_turn(offered, agents)
    fewer = _one_fewer(asked, offered, agents)
    ends = {
        name: None if calls is None else asked.enough(asked.offered(calls, day.handling))
        for name, calls in (("low", day.low), ("high", day.high))
    }
    expected = _expected(asked, day, agents)
    intervals = [
        {
            "interval": name, "calls": float(day.calls[place]), **figures(asked, served, place),
            "one_fewer": float(fewer[place]) if agents[place] > 1 else None, **_at_ends(asked, ends, place),
            **({} if expected is None else {"service_level_expected": float(expected[place])}),
        }
        for place, name in enumerate(day.names)
    ]  # fmt: skip
    document = {
        "model": asked.model,
        "intervals": intervals,
        "peak_agents": int(agents.max()),
        "agent_hours": float(agents.sum() * asked.per / 3600),
        "scheduled_hours": float(asked.scheduled(agents).sum() * asked.per / 3600),
        "service_level": _overall(day.calls, served.level(asked.level)),
        "service_level_expected": None if expected is None else _overall(day.calls, expected),
        "target": {"share": asked.target, "seconds": asked.within, "level": asked.level.ratio},
        "method": asked.method if expected is None else f"{asked.method}; {OPEN}",
        "source": asked.source,
    }
    return Answer(
        document,
        lines=_lines(document),
        sheets=[_sheet(intervals, ends["high"] is not None, asked.model == ERLANG_A)],
        notes=_notes(intervals, asked),
        draw=lambda: draw_day(asked, agents, ends["low"], ends["high"]),
    )


def _at_ends(asked: Asked, ends: Mapping[str, Floats | None], place: int) -> dict[str, int]:
    """Who would be needed if the ends of the forecast came true."""
    told = {}
    for end, found in ends.items():
        if found is not None:
            told[f"agents_{end}"] = int(found[place])
            told[f"scheduled_{end}"] = int(asked.scheduled(found)[place])
    return told


def _one_fewer(asked: Asked, offered: Offered, agents: Floats) -> Floats:
    """The service level of each interval with one agent fewer in it."""
    fewer = np.where(offered.load > 0, np.maximum(agents - 1, 1), 0.0)
    if not asked.carries:
        return asked.served(offered, fewer).level(asked.level)
    found = np.ones(len(agents))
    for place in range(len(agents)):
        # What comes before is as planned, and what comes after does not matter.
        here = slice(max(place - MEMORY, 0), place + 1)
        changed = agents[here].copy()
        changed[-1] = fewer[place]
        found[place] = asked.served_in_turn(offered[here], changed).level(asked.level)[-1]
    return found


def _expected(asked: Asked, day: Day, agents: Floats) -> Floats | None:
    """The service level to expect of these agents, over all that the forecast leaves open; None where it is not known.

    More calls than expected cost more than fewer gain, so it lies below that of the forecast itself.
    """
    if day.low is None or day.high is None:
        return None
    deviation = _open(day)
    answered, came = np.zeros(len(day.calls)), np.zeros(len(day.calls))
    for part, weight in zip(PARTS, WEIGHTS, strict=True):
        calls = np.maximum(day.calls + part * deviation, 0.0)
        staffed = np.where(calls > 0, np.maximum(agents, 1), agents)
        level = asked.served_in_turn(asked.offered(calls, day.handling), staffed).level(asked.level)
        # A queue that grows without end answers next to nobody in time; and nobody is there where none were planned.
        answered += weight * calls * np.where(np.isnan(level) | (agents == 0), 0.0, level)
        came += weight * calls
    return np.divide(answered, came, out=np.ones(len(came)), where=came > 0)


def _open(day: Day) -> Floats:
    """The standard deviation of the rate at which calls come, in calls of an interval.

    The ends of a forecast are those of the calls that will be counted, and counts of one rate stray by its root (Poisson). That
    part the queue's own model plays already; counted twice, it would make any staffing look worse than it is.
    """
    assert day.low is not None
    assert day.high is not None
    # Of what cannot be below 0 the lower end may be cut off there, and only the upper one tells.
    reach = np.where(day.low > 0, (day.high - day.low) / 2, day.high - day.calls)
    return root((reach / normal_quantile((1 + day.confidence) / 2)) ** 2 - day.calls)


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
        f"Over the whole time {number(100 * document['service_level'], 1)}% of the calls are answered in time"
        + (
            "."
            if document["service_level_expected"] is None
            else f" if the forecast comes true, and {number(100 * document['service_level_expected'], 1)}% on average over all "
            "that it leaves open."
        ),
    ]


def _is_idle(one: dict[str, Any]) -> bool:
    """Whether nobody is needed, even at the high end of the forecast."""
    return not one["agents"] and not one.get("agents_high", 0)


def _notes(intervals: list[dict[str, Any]], asked: Asked) -> list[str]:
    idle = sum(_is_idle(one) for one in intervals)
    said = [f"Intervals in which nobody is needed, left out of the table: {idle:,}."] if idle else []
    return [*asked.notes, *said, CARRIED if asked.carries else KEPT]


def _sheet(intervals: list[dict[str, Any]], spread: bool, hangs_up: bool) -> Sheet:
    rows = []
    for one in intervals:
        if _is_idle(one):
            continue
        steady = one["status"] != UNSTABLE
        row = [read_name(one["interval"]), number(one["calls"], 1), f"{one['agents']:,}"]
        if spread:
            row.append(f"{one.get('agents_low', one['agents']):,} to {one['agents_high']:,}")
        row.append(f"{one['scheduled']:,}")
        row.append(number(100 * one["service_level"], 1) + "%" if steady else UNSTABLE)
        row.append("–" if one["one_fewer"] is None else number(100 * one["one_fewer"], 1) + "%")
        row.append(number(one["mean_wait_seconds"], 1) + " s")
        if hangs_up:
            row.append(number(100 * one["p_abandon"], 1) + "%")
        row.append(number(100 * one["occupancy"], 1) + "%")
        rows.append(row)
    columns = ["interval", "calls", "agents", *(["low to high"] if spread else []), "scheduled", "in time"]
    columns += ["with one fewer", "mean wait", *(["hang up"] if hangs_up else []), "busy"]
    return Sheet(columns, rows, numeric=range(1, len(columns)))
