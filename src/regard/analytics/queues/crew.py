"""A crew of agents state by state: how fast it serves, and what somebody who comes finds."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, gammainc

from regard.analytics.arrays import Floats, floats
from regard.kernel.errors import InvalidInput

MOST_STATES = 2_000_000


@dataclass(frozen=True, slots=True)
class Crew:
    """So many agents, and how they serve.

    Args:
        handling: seconds that a call takes, on average, where an agent has only that one; exponential.
        patience: seconds after which who waits gives up, on average; infinite where nobody does.
        at_once: how many calls (chats) one agent serves side by side.
        slower: by what share of `handling` each further one makes all of them longer; 1: two take twice as long.
    """

    agents: int
    handling: float
    patience: float = math.inf
    at_once: int = 1
    slower: float = 0.0

    def __post_init__(self) -> None:
        if self.at_once < 1 or self.slower < 0:
            raise InvalidInput("An agent serves 1 or more at once, each further one 0 or more slower.")

    @property
    def places(self) -> int:
        """How many are served at the same time, at most."""
        return self.agents * self.at_once

    @property
    def fastest(self) -> float:
        """How many are done a second when all places are taken."""
        return float(self.served(np.array([self.places]))[0])

    def served(self, n: Floats | np.ndarray) -> Floats:
        """How many of `n` are done a second; they are spread over the agents as evenly as they can be."""
        if not self.agents:
            return np.zeros(len(n))
        inside = np.minimum(n, self.places)
        each, more = inside // self.agents, inside % self.agents
        return floats(more * self._rate(each + 1) + (self.agents - more) * self._rate(each))

    def leaving(self, states: int) -> Floats:
        """How many leave a second in each state, done or out of patience; array (states,), how many there are 0, 1, 2, …"""
        n = np.arange(states)
        return floats(self.served(n) + np.maximum(n - self.places, 0) / self.patience)

    def _rate(self, n: np.ndarray) -> Floats:
        """How many one agent with `n` does a second."""
        return floats(n / (self.handling * (1 + self.slower * np.maximum(n - 1, 0))))


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What happens to somebody who comes, by how many are there; arrays (states,).

    Args:
        within: the chance to be answered within the target time. abandoned, abandoned_within: to give up, ever and
            within it. wait: seconds in the queue, answered or not.
    """

    within: Floats
    abandoned: Floats
    abandoned_within: Floats
    wait: Floats


def found_by(crew: Crew, states: int, within: float) -> Found:
    """What somebody finds who comes to a crew that stays as it is.

    Where all places are taken and k - 1 wait before, the wait W is a sum of exponential times; with patience 1/θ of each
    and all places done at the rate a θ, exp(-θ W) is distributed as Beta(a, k).

    Source: Mandelbaum and Zeltyn (2007), Service engineering in action; the order statistics of exponential times.
    """
    k = np.maximum(np.arange(states) - crew.places + 1, 0)
    waits = k > 0
    rate, queue = crew.fastest, np.maximum(k, 1).astype(np.float64)
    if not crew.agents:
        gone = -math.expm1(-within / crew.patience) if np.isfinite(crew.patience) else 0.0
        ever = 1.0 if np.isfinite(crew.patience) else 0.0
        return Found(*(np.full(states, one) for one in (0.0, ever, gone, crew.patience)))
    if math.isinf(crew.patience):
        found = np.where(waits, gammainc(queue, rate * within), 1.0)
        none = np.zeros(states)
        return Found(floats(found), none, none, floats(np.where(waits, queue / rate, 0.0)))
    a = rate * crew.patience
    left = math.exp(-within / crew.patience)
    stays = a / (a + queue)
    answered = stays * (1 - betainc(a + 1, queue, left))
    longer = betainc(a, queue, left)
    return Found(
        within=floats(np.where(waits, answered, 1.0)),
        abandoned=floats(np.where(waits, 1 - stays, 0.0)),
        abandoned_within=floats(np.where(waits, np.maximum(1 - answered - left * longer, 0.0), 0.0)),
        wait=floats(np.where(waits, (1 - stays) * crew.patience, 0.0)),
    )


def long_run(crew: Crew, rate: float) -> Floats | None:
    """The chance of each state in the long run; None where the queue grows without end.

    Raises: InvalidInput where it is so long that it cannot be counted.
    """
    if rate == 0:
        return np.array([1.0])
    if math.isinf(crew.patience):
        load = rate / crew.fastest if crew.agents else math.inf
        if load >= 1 - 1e-12:
            return None
        tail = math.log(1e-13) / math.log(load)
    else:
        # From where more leave than come, each state is less likely than the one before.
        tail = max(rate - crew.fastest, 0.0) * crew.patience + 40 * math.sqrt(rate * crew.patience + 1) + 40
    if tail + crew.places > MOST_STATES:
        raise InvalidInput(
            "With so many agents the queue is all but endless; give one more, or callers a patience."
        )
    states = crew.places + int(tail) + 2
    with np.errstate(divide="ignore"):
        logs = np.concatenate([[0.0], np.cumsum(math.log(rate) - np.log(crew.leaving(states)[1:]))])
    chances = np.exp(logs - logs.max())
    return floats(chances / chances.sum())
