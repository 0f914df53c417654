"""Sums by group and customer, from which every split and its uncertainty follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, divide, floats
from regard.analytics.changes.given import Answers, Codes

# Each answer counts in two of four columns: how many before, their scores, how many after, their scores.
COLUMNS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """What each customer gave to each group.

    Args:
        customer, group: arrays (m,), their places.
        sums: array (m, 4).
        of_customers: array (customers, 4), the sums of each customer over all groups.
    """

    customer: Codes
    group: Codes
    sums: Floats
    of_customers: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sums over the answers, and the products that tell how they scatter.

    Args:
        of_groups: array (G, 4), the sums of each group.
        squares: array (G, 4, 4), over customers, products of what they gave to the group.
        crossed: array (G, 4, 4), products of what they gave to the group and to all groups.
        whole: array (4, 4), products of what they gave to all groups.
        n_customers: array (G, 2), customers in each group before and after; answers where each stands for itself.
        n_all: array (2,), customers in all groups before and after.
        pairs: None where each answer stands for itself.
    """

    of_groups: Floats
    squares: Floats
    crossed: Floats
    whole: Floats
    n_customers: Floats
    n_all: Floats
    pairs: Pairs | None = None

    def variance(self, inside: Floats, total: Floats) -> Floats:
        """For each group, of a figure that moves by `inside` (G, 4) with its sums and by `total` (G, 4) with all sums."""
        near = np.einsum("gi,gij,gj->g", inside, self.squares, inside)
        between = np.einsum("gi,gij,gj->g", inside, self.crossed, total)
        far = np.einsum("gi,ij,gj->g", total, self.whole, total)
        return floats(np.maximum(near + 2 * between + far, 0.0))

    def summed_variance(self, inside: Floats, total: Floats) -> float:
        """Of a figure that moves by `inside` (G, 4) with the sums of each group and by `total` (4,) with all sums."""
        if self.pairs is not None:
            moved = (inside[self.pairs.group] * self.pairs.sums).sum(axis=1)
            of_customers = np.bincount(self.pairs.customer, moved, len(self.pairs.of_customers))
            return float(((of_customers + self.pairs.of_customers @ total) ** 2).sum())
        near = np.einsum("gi,gij,gj->", inside, self.squares, inside)
        between = np.einsum("gi,gij,j->", inside, self.crossed, total)
        return max(float(near + 2 * between + total @ self.whole @ total), 0.0)


def sums(answers: Answers, codes: NDArray[np.int64], n_groups: int) -> Sums:
    """The sums of the answers by group.

    Args:
        codes: array (n,), from 0 to `n_groups` - 1.
    """
    if answers.customers is None:
        return _of_answers(answers, codes, n_groups)
    return _of_customers(answers, answers.customers, codes, n_groups)


def _of_answers(answers: Answers, codes: Codes, n_groups: int) -> Sums:
    cell = 2 * codes + answers.is_after
    n = np.bincount(cell, minlength=2 * n_groups).astype(np.float64).reshape(n_groups, 2)
    s = np.bincount(cell, answers.scores, 2 * n_groups).reshape(n_groups, 2)
    ss = np.bincount(cell, answers.scores**2, 2 * n_groups).reshape(n_groups, 2)
    # Scatter within a group is told from n - 1, so that small groups do not seem surer than they are.
    within = np.maximum(ss - np.nan_to_num(divide(s**2, n)), 0.0)
    ss = ss + np.where(n > 1, within / np.maximum(n - 1, 1), 0.0)
    squares = np.zeros((n_groups, COLUMNS, COLUMNS))
    for when in (0, 1):
        x, y = 2 * when, 2 * when + 1
        squares[:, x, x], squares[:, y, y] = n[:, when], ss[:, when]
        squares[:, x, y] = squares[:, y, x] = s[:, when]
    of_groups = np.stack([n[:, 0], s[:, 0], n[:, 1], s[:, 1]], axis=1)
    return Sums(of_groups, squares, squares, squares.sum(axis=0), n, n.sum(axis=0))


def _of_customers(answers: Answers, customers: Codes, codes: Codes, n_groups: int) -> Sums:
    n_customers = int(customers.max()) + 1
    key, place = np.unique(customers * n_groups + codes, return_inverse=True)
    of_pairs = _columns(answers, place, len(key))
    customer, group = np.divmod(key, n_groups)
    whole = _columns(answers, customers, n_customers)
    whole_of_pairs = whole[customer]
    there = floats(np.stack([np.bincount(group, of_pairs[:, i] > 0, n_groups) for i in (0, 2)], axis=1))
    # As many customers as set the group's two figures are no longer free to scatter.
    of_all = there.sum(axis=1)
    near = np.where(of_all > 2, of_all / np.maximum(of_all - 2, 1), 1.0)
    scale = n_customers / max(n_customers - 1, 1)
    squares, crossed = np.zeros((2, n_groups, COLUMNS, COLUMNS))
    for i in range(COLUMNS):
        for j in range(COLUMNS):
            if i <= j:
                told = near * np.bincount(group, of_pairs[:, i] * of_pairs[:, j], n_groups)
                squares[:, i, j] = squares[:, j, i] = told
            crossed[:, i, j] = scale * np.bincount(group, of_pairs[:, i] * whole_of_pairs[:, j], n_groups)
    of_groups = np.stack([np.bincount(group, of_pairs[:, i], n_groups) for i in range(COLUMNS)], axis=1)
    pairs = Pairs(customer, group, of_pairs, whole)
    n_all = (whole[:, 0::2] > 0).sum(axis=0).astype(np.float64)
    return Sums(floats(of_groups), squares, crossed, scale * whole.T @ whole, there, n_all, pairs)


def _columns(answers: Answers, place: NDArray[np.intp] | Codes, size: int) -> Floats:
    """The four sums by place, (size, 4)."""
    cell = 2 * place + answers.is_after
    n = np.bincount(cell, minlength=2 * size).astype(np.float64).reshape(size, 2)
    s = np.bincount(cell, answers.scores, 2 * size).reshape(size, 2)
    return np.stack([n[:, 0], s[:, 0], n[:, 1], s[:, 1]], axis=1)
