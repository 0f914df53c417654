"""What a queue is offered, and how it serves it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Flags, Floats, divide, floats
from regard.kernel.errors import InvalidInput


class Level(StrEnum):
    """What a service level counts; the three are the same where nobody gives up."""

    OFFERED = "offered"
    ANSWERED = "answered"
    PATIENT = "patient"

    @property
    def ratio(self) -> str:
        """The ratio in words."""
        return {
            Level.OFFERED: "answered within T ÷ offered",
            Level.ANSWERED: "answered within T ÷ answered",
            Level.PATIENT: "answered within T ÷ (offered − abandoned within T)",
        }[self]


@dataclass(frozen=True, slots=True, eq=False)
class Offered:
    """What comes: arrays of one shape, an element for each interval.

    Args:
        rate: calls a second; they come independently of each other (Poisson).
        handling: seconds that a call takes an agent, on average; exponential.
        patience: seconds after which who waits gives up, on average; exponential. Infinite: nobody does.
    """

    rate: Floats
    handling: Floats
    patience: Floats

    @classmethod
    def of(cls, rate: ArrayLike, handling: ArrayLike, patience: ArrayLike = np.inf) -> Offered:
        """The same from anything that numpy takes.

        Raises: InvalidInput where a rate is negative, or a time is not above 0.
        """
        given = np.broadcast_arrays(floats(rate), floats(handling), floats(patience))
        calls, taken, waited = (np.atleast_1d(floats(one)) for one in given)
        if not (np.isfinite(calls) & (calls >= 0)).all():
            raise InvalidInput("There cannot be fewer than no calls; give 0 or more in every interval.")
        if not (np.isfinite(taken) & (taken > 0)).all():
            raise InvalidInput("A call takes some time: the handling time must be above 0 seconds.")
        if not (waited > 0).all():
            raise InvalidInput("Patience must be above 0 seconds; with none, nobody would ever wait.")
        return cls(calls, taken, waited)

    @property
    def load(self) -> Floats:
        """Erlangs: how many agents would be busy if there were always one free."""
        return floats(self.rate * self.handling)

    def __len__(self) -> int:
        return len(self.rate)

    def __getitem__(self, index: ArrayLike | slice) -> Offered:
        """The chosen intervals, indexed as numpy does."""
        chosen = index if isinstance(index, slice) else np.asarray(index)
        return Offered(self.rate[chosen], self.handling[chosen], self.patience[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """How a number of agents serves what is offered, in the long run: arrays, an element for each interval.

    Args:
        agents: how many there are.
        load: Erlangs offered.
        stable: whether the queue stops growing; where it does not, the other figures are not numbers.
        delayed: the share of calls that wait at all.
        within: the share of calls offered that are answered within the target time.
        abandoned, abandoned_within: the shares of calls offered that give up, ever and within the target time.
        wait: seconds in the queue, the mean over all calls offered, answered or not.
        occupancy: the share of the agents' time that goes to calls.
    """

    agents: Floats
    load: Floats
    stable: Flags
    delayed: Floats
    within: Floats
    abandoned: Floats
    abandoned_within: Floats
    wait: Floats
    occupancy: Floats

    def level(self, counted: Level = Level.OFFERED) -> Floats:
        """The service level by that definition."""
        match counted:
            case Level.OFFERED:
                return self.within
            case Level.ANSWERED:
                return divide(self.within, 1 - self.abandoned)
            case Level.PATIENT:
                return divide(self.within, 1 - self.abandoned_within)
