"""How many agents are enough?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from regard.analytics.arrays import Flags, Floats, floats
from regard.analytics.queues.erlang_a import erlang_a
from regard.analytics.queues.erlang_b import log_inverse
from regard.analytics.queues.erlang_c import ROUNDING
from regard.analytics.queues.offered import Level, Offered
from regard.kernel.errors import InvalidInput

# Erlangs; the sums keep their digits far beyond, but no one queue is larger.
MOST_LOAD = 1e6
# e to this power is still a number.
MOST_LOG = 700.0


def fewest_agents(
    offered: Offered,
    *,
    target: float,
    within: float,
    level: Level = Level.OFFERED,
    most_occupancy: float = 1.0,
    gives_up: bool = False,
) -> Floats:
    """The smallest number of agents that answers `target` of the calls `within` so many seconds, for each interval.

    More agents always serve better. Under Erlang C one is added at a time, in all intervals together: 1/B of N + 1 agents
    follows from that of N. Under Erlang A the number is found by doubling and halving.

    Args:
        target: the share, strictly between 0 and 1, by the definition `level`.
        most_occupancy: agents may not be busy for more than this share of their time, above 0 and at most 1.
        gives_up: Erlang A, which needs a finite patience; else Erlang C.

    Returns: whole numbers as floats, (intervals,); 0 where no calls come.
    Raises: InvalidInput for a target or occupancy outside its range, or a load beyond a million Erlangs.

    >>> fewest_agents(Offered.of([100 / 1800, 0], 180), target=0.8, within=20).tolist()
    [14.0, 0.0]
    """
    _check(offered, target, within, most_occupancy)
    some = offered.load > 0
    if not gives_up:
        found = np.zeros(len(offered))
        found[some] = _by_adding(offered[some], target, within, most_occupancy)
        return found

    def enough(at: Flags, agents: Floats) -> Flags:
        served = erlang_a(offered[at], agents[at], within=within)
        return (served.level(level) >= target) & (served.occupancy <= most_occupancy)

    return np.where(some, _by_halving(enough, some), 0.0)


def _check(offered: Offered, target: float, within: float, most_occupancy: float) -> None:
    if not 0 < target < 1:
        raise InvalidInput(f"A service level lies between 0 and 1, as in 0.8; not {target:g}.")
    if not 0 <= within < np.inf:
        raise InvalidInput(f"Calls are answered within 0 seconds or more; not {within:g}.")
    if not 0 < most_occupancy <= 1:
        raise InvalidInput(f"An occupancy lies above 0 and at most at 1, as in 0.85; not {most_occupancy:g}.")
    if (offered.load > MOST_LOAD).any():
        raise InvalidInput(
            "More than a million Erlangs are no one queue; look at the calls and the handling time."
        )


def _by_adding(offered: Offered, target: float, within: float, most_occupancy: float) -> Floats:
    """The smallest number under Erlang C; the loads are above 0."""
    load, time = offered.load, within / offered.handling
    busy = np.ceil(load / most_occupancy * (1 - ROUNDING))
    agents = floats(np.maximum(np.floor(load * (1 + ROUNDING)) + 1, busy))
    inverse = np.exp(np.minimum(log_inverse(load, agents), MOST_LOG))
    found = agents.copy()
    left = np.arange(len(load))
    while len(left):
        spare = agents - load
        late = np.exp(-spare * time) / (1 + spare / agents * (inverse - 1))
        late_still = np.flatnonzero(1 - late < target)
        done = np.ones(len(left), dtype=bool)
        done[late_still] = False
        found[left[done]] = agents[done]
        left, load, time = left[late_still], load[late_still], time[late_still]
        agents = floats(agents[late_still] + 1)
        inverse = 1 + agents / load * inverse[late_still]
    return found


def _by_halving(enough: Callable[[Flags, Floats], Flags], some: Flags) -> Floats:
    """The smallest whole number from 1 on that is enough, where `some`."""
    low, high = np.zeros(some.shape), np.ones(some.shape)  # low is never enough; high is, once it was found
    rising = some.copy()
    while rising.any():
        rising[rising] = ~enough(rising, high)
        low = np.where(rising, high, low)
        high = np.where(rising, 2 * high, high)
    open_ = some & (high - low > 1)
    while open_.any():
        middle = floats(np.floor((low + high) / 2))
        met = np.zeros(open_.shape, dtype=bool)
        met[open_] = enough(open_, middle)
        high = np.where(open_ & met, middle, high)
        low = np.where(open_ & ~met, middle, low)
        open_ = some & (high - low > 1)
    return high
