"""How much of a change is other people answering, and how much is the same people answering otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, critical, divide, floats, root, two_sided
from regard.analytics.changes.given import Answers, Codes
from regard.analytics.changes.sums import COLUMNS, Sums, sums
from regard.kernel.estimates import Difference

METHOD = "split into mix and rate with the mean of both periods as weight (Kitagawa; two-fold Oaxaca-Blinder), delta method"
SOURCE = (
    "Kitagawa (1955), JASA 50, 1168-1194; Oaxaca (1973), Int. Econ. Rev. 14, 693-709; "
    "Reimers (1983), Rev. Econ. Stat. 65, 570-579; Goodman (1960), JASA 55, 708-713"
)
LEAST = 5
SIGNS = np.array([-1.0, 1.0])


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of the change with its interval; arrays (G,), or single numbers for all groups together."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The change split over the groups of one dimension; arrays by group.

    Args:
        n: (G, 2), answers before and after. share: (G, 2). figure: (G, 2), not a number without answers.
        mix: what the group's share, having changed, did to the figure of all.
        rate: what its own figure did.
        total_mix, total_rate: of all groups; together they are the whole change.
    """

    n: Floats
    share: Floats
    figure: Floats
    mix: Part
    rate: Part
    total_mix: Part
    total_rate: Part


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    """The shares p, figures r and totals of both periods, each (G, 2); `r` filled from the other period where one
    has no answers."""

    n: Floats
    whole: Floats
    p: Floats
    own: Floats
    r: Floats
    all: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Factor:
    """A figure of each group (G,), and what it moves by with the group's own sums and with all sums, (G, 4) each."""

    value: Floats
    inside: Floats
    total: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Product:
    """The same of a product, and the variance (G,) that its slopes do not tell."""

    value: Floats
    inside: Floats
    total: Floats
    second: Floats


def change(answers: Answers, *, confidence: float = 0.95) -> tuple[float, float, Difference]:
    """The figure before, after, and how far apart they are, with a t test that knows whose answers belong together.

    Source: Welch (1947), Biometrika 34, 28-35; for repeated answers Liang and Zeger (1986), Biometrika 73, 13-22.
    """
    found = sums(answers, np.zeros(len(answers), dtype=np.int64), 1)
    n0, s0, n1, s1 = found.of_groups[0]
    before, after = s0 / n0, s1 / n1
    slope = np.array([[before / n0, -1 / n0, -after / n1, 1 / n1]])
    se = float(root(found.variance(slope, np.zeros((1, COLUMNS))))[0])
    df = _freedom(found.n_all)
    reach = float(critical(confidence, df)) * se
    delta = after - before
    p = float(two_sided(delta / se, df)) if se > 0 else float(delta == 0)
    return before, after, Difference(delta, delta - reach, delta + reach, p, "Welch")


def split(answers: Answers, codes: Codes, n_groups: int, *, confidence: float = 0.95) -> Split:
    """The change of the mean, split over groups into mix and rate; the parts add up to it exactly.

    A group's rate is the change of its own figure, weighted by the mean of its shares; its mix is the change of its
    share, weighted by how far the mean of its figures lies from that of all. Where a group answered in one period
    only, its figure is taken to have been the same in the other: that it came or went is all mix.

    Args:
        codes: array (n,), from 0 to `n_groups` - 1.

    Returns: Split; no interval for a group with fewer than 5 customers in a period in which it has any,
        and none of the rate of one that answered in one period only.
    Source: Kitagawa (1955), JASA 50, 1168-1194; Reimers (1983), Rev. Econ. Stat. 65, 570-579.
    """
    middle = answers.scores.mean()
    centred = Answers(answers.scores - middle, answers.is_after, answers.customers)
    found = sums(centred, codes, n_groups)
    figures = _figures(found)
    mix, rate = _mix(found, figures), _rate(found, figures)
    df = np.where(_is_told(found.n_customers), _freedom(found.n_customers), np.nan)
    near, far = critical(confidence, df), float(critical(confidence, _freedom(found.n_all)))
    return Split(
        n=figures.n,
        share=figures.p,
        figure=figures.own + middle,
        mix=_each(found, mix, near),
        rate=_each(found, rate, np.where((figures.n > 0).all(axis=1), near, np.nan)),
        total_mix=_together(found, mix, far),
        total_rate=_together(found, rate, far),
    )


def _each(found: Sums, of: _Product, reach: Floats) -> Part:
    away = reach * root(found.variance(of.inside, of.total) + of.second)
    return Part(of.value, of.value - away, of.value + away)


def _together(found: Sums, of: _Product, reach: float) -> Part:
    away = reach * root(found.summed_variance(of.inside, of.total.sum(axis=0)) + of.second.sum())
    value = floats(of.value.sum())
    return Part(value, value - away, value + away)


def _is_told(customers: Floats) -> NDArray[np.bool_]:
    return np.asarray(((customers >= LEAST) | (customers == 0)).all(axis=1))


def _freedom(customers: Floats) -> Floats:
    """Degrees of freedom by the smaller period that has any (..., 2), which is on the safe side."""
    return floats(np.maximum(np.where(customers > 0, customers, np.inf).min(axis=-1) - 1, 1))


def _figures(found: Sums) -> _Figures:
    n, s = found.of_groups[:, 0::2], found.of_groups[:, 1::2]
    whole = n.sum(axis=0, keepdims=True)
    own = divide(s, n)
    r = np.nan_to_num(np.where(np.isnan(own), own[:, ::-1], own))
    return _Figures(n, whole, n / whole, own, r, s.sum(axis=0, keepdims=True) / whole)


def _mix(found: Sums, of: _Figures) -> _Product:
    """The change of each group's share, times how far its figure lies from that of all."""
    none, half = np.zeros_like(of.p), np.full_like(of.p, 0.5)
    inside, total = _slopes(of, none, half)
    total[:, 0::2] += half * of.all / of.whole
    total[:, 1::2] -= half / of.whole
    away = _Factor(of.r.mean(axis=1) - of.all.mean(), inside, total)
    moved = _Factor(of.p[:, 1] - of.p[:, 0], *_slopes(of, none + SIGNS, none))
    return _product(found, moved, away)


def _rate(found: Sums, of: _Figures) -> _Product:
    """The change of each group's figure, times the mean of its shares."""
    none = np.zeros_like(of.p)
    moved = _Factor(of.r[:, 1] - of.r[:, 0], *_slopes(of, none, none + SIGNS))
    share = _Factor(of.p.mean(axis=1), *_slopes(of, none + 0.5, none))
    return _product(found, moved, share)


def _product(found: Sums, one: _Factor, other: _Factor) -> _Product:
    """Both factors are uncertain: where they are near 0, what both do together is no longer small.

    Source: Goodman (1960), On the exact variance of products, JASA 55, 708-713.
    """
    first, second = one.value[:, None], other.value[:, None]
    return _Product(
        one.value * other.value,
        first * other.inside + second * one.inside,
        first * other.total + second * one.total,
        found.variance(one.inside, one.total) * found.variance(other.inside, other.total),
    )


def _slopes(of: _Figures, by_share: Floats, by_figure: Floats) -> tuple[Floats, Floats]:
    """What a figure moves by with the sums, from what it moves by with shares and figures, (G, 2) each."""
    none = of.n == 0
    by_figure = np.where(none, 0.0, by_figure + np.where(none[:, ::-1], by_figure[:, ::-1], 0.0))
    inside, total = np.zeros((2, len(of.n), COLUMNS))
    weight = np.nan_to_num(divide(by_figure, of.n))
    inside[:, 0::2] = by_share / of.whole - weight * of.r
    inside[:, 1::2] = weight
    total[:, 0::2] = -by_share * of.p / of.whole
    return inside, total
