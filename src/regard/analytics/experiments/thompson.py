"""How to deal out the next units so that most come into what is likely best, and all variants are still tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Floats, divide, floats
from regard.analytics.distributions.normal import normal_tail
from regard.kernel.errors import InvalidInput, NotEnoughData

METHOD = "Thompson sampling, chance of being best by quadrature"
SOURCE = "Thompson (1933), Biometrika 25, 285-294; Scott (2010), Applied Stochastic Models in Business and Industry 26, 639-658"
FLOOR = 0.05
POINTS = 4_001
FAR = 8.5


@dataclass(frozen=True, slots=True, eq=False)
class Dealing:
    """Of each variant; arrays.

    Args:
        best: the chance that it is the best. shares: of the next units, what to deal it.
        remaining: what is lost on average, in the unit of the metric, by taking the likeliest best for good.
    """

    best: Floats
    shares: Floats
    remaining: float


def deal_proportions(
    hits: ArrayLike, n: ArrayLike, *, floor: float = FLOOR, lower_is_better: bool = False
) -> Dealing:
    """The next shares for a proportion, every share being as likely as any other before.

    Args:
        hits, n: of each variant, units that count and units in all.
        floor: the least share of each variant, so that what lot put behind can still come up.

    Source: Thompson (1933), Biometrika 25, 285-294; Scott (2010), Appl. Stoch. Models Bus. Ind. 26, 639-658.

    >>> deal_proportions([20, 35], [100, 100], floor=0).best.round(3).tolist()
    [0.009, 0.991]
    """
    from scipy import special  # its import takes longer than most answers

    above, below = floats(hits) + 1, floats(n) - floats(hits) + 1
    if (above < 1).any() or (below < 1).any():
        raise InvalidInput("Hits must lie between 0 and the number of units.")
    if lower_is_better:
        above, below = below, above
    mean, total = above / (above + below), above + below
    sd = np.sqrt(mean * (1 - mean) / (total + 1))
    grid = _grid(np.maximum(mean - FAR * sd, 0.0), np.minimum(mean + FAR * sd, 1.0))
    return _dealing(grid, [special.betainc(a, b, grid) for a, b in zip(above, below, strict=True)], floor)


def deal_means(
    mean: ArrayLike, se: ArrayLike, *, floor: float = FLOOR, lower_is_better: bool = False
) -> Dealing:
    """The next shares for a mean, from each variant's mean and standard error.

    Source: Thompson (1933), Biometrika 25, 285-294; Scott (2010), Appl. Stoch. Models Bus. Ind. 26, 639-658.
    """
    centre, spread = floats(mean) * (-1 if lower_is_better else 1), floats(se)
    if not ((spread > 0) & np.isfinite(spread) & np.isfinite(centre)).all():
        raise NotEnoughData(
            "Each variant needs at least two units that differ before shares can follow them."
        )
    grid = _grid(centre - FAR * spread, centre + FAR * spread)
    return _dealing(
        grid, [normal_tail(-divide(grid - m, s)) for m, s in zip(centre, spread, strict=True)], floor
    )


def _grid(low: Floats, high: Floats) -> Floats:
    """Points close enough for the narrowest variant, wherever it lies."""
    return np.unique(np.concatenate([np.linspace(a, b, POINTS) for a, b in zip(low, high, strict=True)]))


def _dealing(grid: Floats, below: Sequence[Floats], floor: float) -> Dealing:
    """From the chance of each variant to lie below each point."""
    many = len(below)
    if not 0 <= floor * many < 1:
        raise InvalidInput(
            "The least share of %(n)s variants must lie below %(most)s, not at %(given)s.",
            n=many, most=f"{1 / many:.3g}", given=floor,
        )  # fmt: skip
    middle = [(one[1:] + one[:-1]) / 2 for one in below]
    best = np.zeros(many)
    for place, one in enumerate(below):
        others = np.prod([middle[other] for other in range(many) if other != place], axis=0)
        best[place] = float(np.diff(one) @ others)
    best /= best.sum()
    # E[max] less E of the likeliest best, both as integrals of the chance to lie above.
    largest = np.prod(below, axis=0)
    chosen = below[int(np.argmax(best))]
    widths = np.diff(grid)
    remaining = float(((chosen - largest)[1:] + (chosen - largest)[:-1]) @ widths / 2)
    return Dealing(best, floor + (1 - floor * many) * best, max(remaining, 0.0))
