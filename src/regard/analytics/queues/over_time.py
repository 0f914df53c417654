"""How is a queue served whose load changes, so that each interval begins with what the one before left over?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc

from regard.analytics.arrays import Floats, floats
from regard.analytics.queues.crew import Crew, found_by
from regard.analytics.queues.offered import Level, Offered, Service
from regard.kernel.errors import InvalidInput

METHOD = "birth and death process through time by uniformisation, each interval beginning with the queue of the one before"
SOURCE = "Grassmann (1977), Computers and Operations Research 4, 47-53; Green, Kolesar and Whitt (2007), Production and Operations Management 16, 13-39"
MOST_STEPS = 5_000_000
TINY = 1e-12
MOST_HELD_UP = 1.5
# Delayed, within, abandoned, abandoned within, wait and occupancy where nobody calls.
NOBODY = [0.0, 1.0, 0.0, 0.0, 0.0, 0.0]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """One interval: the chances of each state on average over it and at its end; arrays (states,)."""

    average: Floats
    end: Floats


def pass_through(start: Floats, crew: Crew, rate: float, seconds: float) -> Stretch:
    """What becomes of the chances of states while `rate` calls a second come.

    The process is looked at after each of a Poisson number of steps, at the pace of the fastest state; nothing is
    approximated but tails below 1e-12.

    Args:
        start: array (states,), the chances at the beginning; the largest state takes nobody more.

    Raises: InvalidInput where it would take too long.
    """
    leaving = crew.leaving(len(start))
    pace = rate + float(leaving.max())
    expected = pace * seconds
    last = int(expected + 8 * math.sqrt(expected + 1) + 20)
    if last > MOST_STEPS:
        raise InvalidInput("So many calls cannot be followed through time; take shorter intervals.")
    steps = np.arange(last + 1)
    # The chance of more than k steps, whose differences are those of just k.
    more = gammainc(steps + 1.0, expected)
    weights = -np.diff(np.concatenate([[1.0], more]))
    up, down = np.full(len(start), rate / pace), leaving / pace
    up[-1] = 0.0
    stay = 1 - up - down
    now, end, average = start.copy(), np.zeros(len(start)), np.zeros(len(start))
    for weight, later in zip(weights.tolist(), more.tolist(), strict=True):
        if weight > TINY:
            end += weight * now
        average += later * now
        if later < TINY:
            break
        after = now * stay
        after[1:] += now[:-1] * up[:-1]
        after[:-1] += now[1:] * down[1:]
        now = after
    return Stretch(average / average.sum(), end / end.sum())


def over_time(
    offered: Offered, agents: Floats, *, seconds: float, within: float, at_once: int = 1, slower: float = 0.0
) -> Service:
    """How so many agents serve the intervals one after the other, beginning with an empty queue.

    Agents who leave at the end of an interval hand over the calls they have; where nobody calls, those who were there
    finish what is left, and the next interval begins with an empty queue.

    Args:
        offered: an element for each interval. agents: the same. seconds: of an interval.
        at_once, slower: see `crew.Crew`.

    Returns: Service, of the calls that come in each interval; always stable, as time is finite.
    Source: Grassmann (1977); Green, Kolesar and Whitt (2007).
    """
    empty, rows = _empty(offered, agents * at_once, seconds), list[list[float]]()
    chances = empty
    for place, n in enumerate(agents):
        if not offered.rate[place]:
            chances = empty
            rows.append(NOBODY)
            continue
        crew = _crew(offered, place, int(n), at_once, slower)
        found = pass_through(chances, crew, float(offered.rate[place]), seconds)
        rows.append(_told(found, crew, within))
        chances = found.end
    return _service(offered, agents, rows)


def fewest_over_time(
    offered: Offered, *, seconds: float, target: float, within: float, level: Level, most_occupancy: float,
    begin: Floats, at_once: int = 1, slower: float = 0.0,
) -> Floats:  # fmt: skip
    """The fewest agents of each interval, one after the other: each with the queue that the ones before leave.

    Args:
        begin: where the search begins: what each interval takes by itself.
    """
    empty, found = _empty(offered, (2 * begin + 10) * at_once, seconds), np.zeros(len(offered))
    chances = empty
    for place, first in enumerate(begin):
        rate = float(offered.rate[place])
        if not rate:
            chances = empty
            continue
        tried: dict[int, tuple[bool, Floats]] = {}

        def enough(
            n: int, place: int = place, rate: float = rate, tried: dict[int, tuple[bool, Floats]] = tried,
            start: Floats = chances,
        ) -> bool:  # fmt: skip
            if n not in tried:
                crew = _crew(offered, place, n, at_once, slower)
                one = pass_through(start, crew, rate, seconds)
                service = _service(offered[place : place + 1], floats([n]), [_told(one, crew, within)])
                good = service.level(level)[0] >= target and service.occupancy[0] <= most_occupancy
                tried[n] = bool(good), one.end
            return tried[n][0]

        n = max(int(first), 1)
        while not enough(n):
            n += max(1, n // 20)
        while n > 1 and enough(n - 1):
            n -= 1
        found[place], chances = n, tried[n][1]
    return found


def _crew(offered: Offered, place: int, n: int, at_once: int, slower: float) -> Crew:
    return Crew(n, float(offered.handling[place]), float(offered.patience[place]), at_once, slower)


def _empty(offered: Offered, places: Floats, seconds: float) -> Floats:
    """An empty queue, with room for the longest that may come even if those served side by side hold each other up."""
    left, longest = 0.0, 0.0
    for rate, done in zip(offered.rate, places / MOST_HELD_UP / offered.handling, strict=True):
        left = max(left + float(rate - done) * seconds, 0.0)
        longest = max(longest, left)
    spread = 8 * math.sqrt(float(offered.rate.max()) * seconds + longest + 1)
    chances = np.zeros(int(longest + float(np.max(np.maximum(places, offered.load))) + spread) + 20)
    chances[0] = 1.0
    return chances


def _told(found: Stretch, crew: Crew, within: float) -> list[float]:
    """Delayed, within, abandoned, abandoned within, wait and occupancy."""
    comes = found_by(crew, len(found.average), within)
    busy = np.minimum(np.arange(len(found.average)), crew.agents)
    return [
        float(found.average[crew.places :].sum()),
        *(
            float(found.average @ one)
            for one in (comes.within, comes.abandoned, comes.abandoned_within, comes.wait)
        ),
        float(found.average @ busy) / max(crew.agents, 1),
    ]


def _service(offered: Offered, agents: Floats, rows: list[list[float]]) -> Service:
    columns = (floats(one) for one in np.array(rows).T)
    return Service(floats(agents), offered.load, np.ones(len(offered), dtype=bool), *columns)
