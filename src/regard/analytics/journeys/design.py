"""The order in which a journey was designed to go, as states that one step leads through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.kernel.errors import InvalidInput

MOST_TOGETHER = 6


@dataclass(frozen=True, slots=True)
class Step:
    """A place in the designed order.

    Args:
        parts: what is done here, in whatever order; of each part one of its activities.
        may_be_left_out, may_be_repeated: whether that is as designed.
    """

    parts: tuple[tuple[str, ...], ...]
    may_be_left_out: bool = False
    may_be_repeated: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All activities that can be done here."""
        return tuple(name for part in self.parts for name in part)


@dataclass(frozen=True, slots=True)
class Design:
    """The steps one after the other, and activities that may happen at any time."""

    steps: tuple[Step, ...]
    anywhere: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.steps:
            raise InvalidInput("A designed order needs at least one step.")
        for step in self.steps:
            if len(step.parts) > MOST_TOGETHER:
                raise InvalidInput(
                    f"At most {MOST_TOGETHER} things can be done in any order; of '{step.names[0]}' there are "
                    f"{len(step.parts)}. Put them one after the other."
                )

    @property
    def names(self) -> frozenset[str]:
        """All activities that it knows."""
        return self.anywhere.union(*(step.names for step in self.steps))


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """The design as numbered moves between numbered states, in an order in which no move leads back.

    Args:
        before, after: the state that each move leaves and enters; the same one where a step is repeated.
        labels: what each move does, as people read it.
        does: whether a move is made by an activity; (moves, activities).
        price: what it costs to make the move without any: 0 where that is as designed, 2 where it cannot be.
        n_states: the first is the start, the last the end.
        free: for each activity, whether it may happen at any time.
    """

    before: NDArray[np.int64]
    after: NDArray[np.int64]
    labels: tuple[str, ...]
    does: NDArray[np.bool_]
    price: NDArray[np.int64]
    n_states: int
    free: NDArray[np.bool_]


def moves(design: Design, names: tuple[str, ...]) -> Moves:
    """The design as moves, for a log with these activities."""
    found: list[tuple[int, int, tuple[str, ...], int]] = []
    state = 0
    for step in design.steps:
        first, whole = state, (1 << len(step.parts)) - 1
        for done in range(whole):
            for one, part in enumerate(step.parts):
                if not done & 1 << one:
                    price = 0 if step.may_be_left_out and len(step.parts) == 1 else 1
                    found.append((first + done, first + (done | 1 << one), part, price))
        state = first + whole
        if len(step.parts) > 1 and step.may_be_left_out:
            found.append((first, state, (), 0))
        if step.may_be_repeated:
            found.append((state, state, step.names, 2))
    found.sort(key=lambda one: one[0])
    does: NDArray[Any] = np.array(
        [[name in chosen for name in names] for _, _, chosen, _ in found], dtype=bool
    )
    return Moves(
        before=np.array([one[0] for one in found]),
        after=np.array([one[1] for one in found]),
        labels=tuple(" | ".join(one[2]) for one in found),
        does=does.reshape(len(found), len(names)),
        price=np.array([one[3] for one in found]),
        n_states=state + 1,
        free=np.array([name in design.anywhere for name in names], dtype=bool),
    )
