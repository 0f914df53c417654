"""How far each slice pulls the change, how sure that is, and how far the furthest is pulled by chance alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from regard.analytics.arrays import Floats, divide, floats
from regard.analytics.changes.given import Answers, Codes
from regard.analytics.changes.searched import Candidates, Condition

MOST_BLOCKS = 500
BATCH = 250
SIGNS = np.array([-1.0, 1.0])


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """The answers with their customers dealt into blocks by lot, from which scatter is told at little cost.

    Args:
        cell: array (n,), twice the place of each answer's block, and one more after.
        n, s: arrays (blocks, 2), answers and their scores before and after.
        scores: array (n,), less their mean. middle: that mean.
    """

    cell: Codes
    n: Floats
    s: Floats
    scores: Floats
    middle: float


@dataclass(frozen=True, eq=False)
class Pulls:
    """Slices with what they do to the change; arrays by slice.

    Args:
        conditions: of each.
        value: the change of all less the change outside the slice.
        moved_by: array (blocks, slices), by how much each block moved that.
        n, s: arrays (slices, 2), answers and their scores before and after.
        ground: the answers themselves.
    """

    conditions: list[tuple[Condition, ...]]
    value: Floats
    moved_by: Floats
    n: Floats
    s: Floats
    ground: Blocks

    def __len__(self) -> int:
        return len(self.conditions)

    @cached_property
    def se(self) -> Floats:
        """The standard error of each value."""
        size = len(self.moved_by)
        return floats(np.sqrt((self.moved_by**2).sum(axis=0) * size / max(size - 1, 1)))

    @cached_property
    def df(self) -> Floats:
        """Degrees of freedom of the standard errors: few where few blocks hold most of the scatter."""
        square = (self.moved_by**2).sum(axis=0)
        uneven = (self.moved_by**4).sum(axis=0) - square**2 / len(self.moved_by)
        freedom = divide(2 * square**2, uneven)
        return np.clip(np.nan_to_num(freedom, nan=1.0, posinf=np.inf), 1.0, max(len(self.moved_by) - 1, 1))

    @cached_property
    def z(self) -> Floats:
        """How many standard errors each value lies from 0, on the normal scale; 0 where nothing scatters.

        Source: Wallace (1959), Ann. Math. Stat. 30, 1124-1130 (from Student's t to normal).
        """
        t = np.nan_to_num(divide(self.value, self.se), posinf=0.0, neginf=0.0)
        shrunk = (8 * self.df + 1) / (8 * self.df + 3)
        return floats(np.sign(t) * shrunk * np.sqrt(self.df * np.log1p(t**2 / self.df)))

    def reach(self, place: int, z: float) -> float:
        """How far `z` on the normal scale is for the slice's value."""
        df = float(self.df[place])
        exponent = (z * (8 * df + 3) / (8 * df + 1)) ** 2 / df
        return float(self.se[place] * np.sqrt(df * np.expm1(min(exponent, 50.0))))

    def figures(self, place: int) -> Floats:
        """Its mean before and after; not a number without answers."""
        return self.ground.middle + divide(self.s[place], self.n[place])

    def outside(self, place: int) -> Floats:
        """The mean outside it before and after."""
        n, s = self.ground.n.sum(axis=0), self.ground.s.sum(axis=0)
        return self.ground.middle + divide(s - self.s[place], n - self.n[place])


def blocks(answers: Answers, seed: int) -> Blocks:
    """The answers in at most 500 blocks; those of one customer stand in one."""
    customers = np.arange(len(answers)) if answers.customers is None else answers.customers
    n_customers = int(customers.max()) + 1
    size = min(MOST_BLOCKS, n_customers)
    dealt = np.random.default_rng(seed).permutation(np.arange(n_customers) % size)
    cell = 2 * dealt[customers] + answers.is_after
    middle = float(answers.scores.mean())
    scores = answers.scores - middle
    n = np.bincount(cell, minlength=2 * size).astype(np.float64).reshape(size, 2)
    s = np.bincount(cell, scores, 2 * size).reshape(size, 2)
    return Blocks(cell, n, floats(s), scores, middle)


def pulls(ground: Blocks, searched: Iterable[Candidates]) -> Pulls:
    """The pull of every slice.

    What a slice adds to the figure of a period is its share times how far its mean lies from that outside: the figure of
    all less the figure outside. Its change is the change of all less the change outside.
    """
    parts = [_of_candidates(ground, some) for some in searched]
    if not parts:
        nothing = np.zeros((0, 2))
        return Pulls([], np.zeros(0), np.zeros((len(ground.n), 0)), nothing, nothing, ground)
    return Pulls(
        [one for some in parts for one in some.conditions],
        np.concatenate([some.value for some in parts]),
        np.concatenate([some.moved_by for some in parts], axis=1),
        np.concatenate([some.n for some in parts]),
        np.concatenate([some.s for some in parts]),
        ground,
    )


def _of_candidates(ground: Blocks, some: Candidates) -> Pulls:
    size, shape = len(some.conditions) + 1, (len(ground.n), 2, len(some.conditions) + 1)
    cell = ground.cell * size + some.place
    length = ground.n.size * size
    x = np.bincount(cell, minlength=length).reshape(shape)[:, :, :-1].astype(np.float64)
    y = np.bincount(cell, ground.scores, length).reshape(shape)[:, :, :-1]
    n, s = x.sum(axis=0), y.sum(axis=0)  # (2, slices)
    n_all, s_all = ground.n.sum(axis=0)[:, None], ground.s.sum(axis=0)[:, None]
    share = n / n_all
    inside, outside = np.nan_to_num(divide(s, n)), np.nan_to_num(divide(s_all - s, n_all - n))
    gap = inside - outside
    odds = np.nan_to_num(divide(share, 1 - share))
    x_out, y_out = ground.n[:, :, None] - x, ground.s[:, :, None] - y
    moved = x * ((1 - share) * gap - inside) + y + x_out * (odds * outside - share * gap) - odds * y_out
    sign = SIGNS[:, None] / n_all
    return Pulls(
        some.conditions,
        SIGNS @ np.where(n > 0, share * gap, 0.0),
        (moved * sign).sum(axis=1),
        n.T,
        s.T,
        ground,
    )


def furthest_by_chance(found: Pulls, draws: int, seed: int) -> Floats:
    """The largest size of `z` among all slices, in each of `draws` worlds in which no slice pulls the change.

    Each block's part in every slice is given one random weight, so that slices that share answers go together as they
    really do.

    Returns: array (draws,).
    Source: Chernozhukov, Chetverikov and Kato (2013), Ann. Stat. 41, 2786-2819 (multiplier bootstrap).
    """
    generator = np.random.default_rng(seed)
    length = np.sqrt((found.moved_by**2).sum(axis=0))
    unit = np.nan_to_num(divide(found.moved_by, length)).astype(np.float32)
    largest = []
    for start in range(0, draws, BATCH):
        lots = generator.standard_normal((min(BATCH, draws - start), len(unit)), dtype=np.float32)
        largest.append(np.abs(lots @ unit).max(axis=1))
    return floats(np.concatenate(largest))
