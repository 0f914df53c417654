"""How is a queue served in which each agent has several at once, as with chats?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Floats, floats
from regard.analytics.queues.crew import Crew, found_by, long_run
from regard.analytics.queues.offered import Level, Offered, Service

METHOD = "birth and death process of agents who serve several at once, each further one slower"
SOURCE = "Tezcan and Zhang (2014), Operations Research 62, 1040-1054; Luo and Zhang (2013), Manufacturing & Service Operations Management 15, 538-550"


def side_by_side(
    offered: Offered, agents: ArrayLike, *, at_once: int, slower: float, within: float
) -> Service:
    """How `agents` serve chats of which each has up to `at_once`, spread evenly; who finds all places taken waits in order.

    Args:
        offered: what comes; its handling time is that of a chat that is an agent's only one.
        slower: by what share of it each further chat makes all of an agent's chats longer.

    Returns: Service; its occupancy is the share of the agents' time in which they have at least one chat.
    Source: Tezcan and Zhang (2014); Luo and Zhang (2013).

    >>> served = side_by_side(Offered.of(100 / 1800, 180), 14, at_once=1, slower=0, within=20)
    >>> float(served.within[0].round(4))
    0.8884
    """
    n = np.broadcast_to(floats(agents), offered.load.shape)
    rows = np.array([
        _one(Crew(int(crew), float(offered.handling[place]), float(offered.patience[place]), at_once, slower),
             float(offered.rate[place]), within)
        for place, crew in enumerate(n)
    ])  # fmt: skip
    return Service(floats(n), offered.load, rows[:, 0] > 0, *(floats(one) for one in rows[:, 1:].T))


def fewest_side_by_side(
    offered: Offered,
    *,
    at_once: int,
    slower: float,
    target: float,
    within: float,
    level: Level,
    most_occupancy: float,
) -> Floats:
    """The smallest number of agents that answers `target` of the chats `within` so many seconds, for each interval."""
    found = np.zeros(len(offered))
    for place in np.flatnonzero(offered.rate > 0):
        one = offered[place : place + 1]

        def enough(n: int, one: Offered = one) -> bool:
            served = side_by_side(one, n, at_once=at_once, slower=slower, within=within)
            good = served.stable & (served.level(level) >= target) & (served.occupancy <= most_occupancy)
            return bool(good[0])

        low, high = 0, 1
        while not enough(high):
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if enough(middle) else (middle, high)
        found[place] = high
    return found


def _one(crew: Crew, rate: float, within: float) -> list[float]:
    """Stable or not, delayed, within, abandoned, abandoned within, wait and occupancy."""
    if rate == 0:
        return [1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    chances = long_run(crew, rate)
    if chances is None:
        return [0.0, *[np.nan] * 6]
    found = found_by(crew, len(chances), within)
    busy = np.minimum(np.arange(len(chances)), crew.agents) / max(crew.agents, 1)
    return [
        1.0,
        float(chances[crew.places :].sum()),
        *(
            float(chances @ one)
            for one in (found.within, found.abandoned, found.abandoned_within, found.wait)
        ),
        float(chances @ busy),
    ]
