"""What the variants did where the shares that they were dealt followed what was seen (a bandit)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, divide, floats
from regard.analytics.experiments.comparisons import Compared, compared_of
from regard.analytics.experiments.effects import Effects
from regard.analytics.experiments.sample_ratio import ALARM, SampleRatio
from regard.analytics.experiments.sample_ratio import SOURCE as RATIO_SOURCE
from regard.kernel.errors import InvalidInput

METHOD = "augmented inverse probability weighting by the chances that units had"
SOURCE = (
    "Hadad, Hirshberg, Zhan, Wager and Athey (2021), PNAS 118(15), e2014602118; Hall and Heyde (1980), Martingale Limit "
    "Theory and Its Application, theorem 3.3"
)
RATIO_METHOD = "chi-squared test of the units dealt against the chances that they had"


def compare_adaptive(
    variant: NDArray[np.int64],
    y: Floats,
    chances: Floats,
    *,
    confidence: float = 0.95,
    tightest: float | None = None,
) -> list[Compared]:
    """Each variant against the first, though the chances to be dealt it followed earlier units.

    A plain mean is too low for what had bad luck early and was hardly tried again. Each unit is therefore weighed by the
    chance it had, around what was known of the variant before it, which leaves no bias. It takes a least share that does
    not go to nothing; with few units of a variant its interval is rough.

    Args:
        variant: of each unit, in the order in which they came. y: its metric.
        chances: array (units, variants), what chance each unit had of each variant, settled before it came.
        tightest: see `comparisons.compare`.

    Source: Hadad et al. (2021), PNAS 118(15), e2014602118, equation 4; Hall and Heyde (1980), Martingale Limit Theory and
        Its Application, theorem 3.3.
    """
    check_chances(variant, chances)
    many = chances.shape[1]
    figures = [_figure(variant == place, y, chances[:, place]) for place in range(many)]
    below = np.maximum(np.bincount(variant, minlength=many) - 1, 0)
    base, base_variance = figures[0]
    found = []
    for place in range(1, many):
        value, variance = figures[place]
        # A variant that was seldom dealt tells no more of its spread than its few units do.
        df = divide(
            (variance + base_variance) ** 2,
            divide(variance**2, below[place]) + divide(base_variance**2, below[0]),
        )
        apart = Effects(
            value=floats(value),
            baseline=floats(base),
            difference=floats(value - base),
            variance=floats(variance + base_variance),
            baseline_variance=floats(base_variance),
            covariance=floats(-base_variance),
            df=df,
            n=floats(len(y)),
            explained=floats(0.0),
        )
        found.append(compared_of(apart, confidence=confidence, tightest=tightest))
    return found


def _figure(dealt: NDArray[np.bool_], y: Floats, chance: Floats) -> tuple[float, float]:
    """The figure of one variant over all units, and its variance."""
    known = _known_before(dealt, y)
    score = known + np.where(dealt, (y - known) / chance, 0.0)
    return float(score.mean()), float(((score - score.mean()) ** 2).sum() / len(y) ** 2)


def _known_before(dealt: NDArray[np.bool_], y: Floats) -> Floats:
    """What was known of the variant before each unit: the mean of its units, with the mean of all as one unit more."""
    every = np.concatenate(([0.0], np.cumsum(y)[:-1] / np.arange(1, len(y))))
    hits = np.concatenate(([0.0], np.cumsum(np.where(dealt, y, 0.0))[:-1]))
    seen = np.concatenate(([0.0], np.cumsum(dealt)[:-1]))
    return floats((hits + every) / (seen + 1))


def chances_ratio(variant: NDArray[np.int64], chances: Floats) -> SampleRatio:
    """Whether units came into the variants as the chances that they had say.

    Source: Fabijan et al. (2019), Proc. KDD '19, 2156-2164, with the variance that follows from unequal chances.
    """
    from scipy import special  # its import takes longer than most answers

    check_chances(variant, chances)
    many = chances.shape[1]
    expected = chances.sum(axis=0)
    away = (np.bincount(variant, minlength=many) - expected)[:-1]
    spread = np.diag(expected[:-1]) - chances[:, :-1].T @ chances[:, :-1]
    chi2 = float(away @ np.linalg.solve(spread, away))
    p = float(special.chdtrc(many - 1, chi2))
    return SampleRatio(chi2, p, p >= ALARM, expected, RATIO_METHOD, RATIO_SOURCE)


def check_chances(variant: NDArray[np.int64], chances: Floats) -> None:
    """Raises: InvalidInput where the chances of a unit are none."""
    if not ((chances > 0) & (chances < 1)).all():
        raise InvalidInput(
            "Every unit needs a chance above 0 and below 1 of each variant; deal each at least a small share."
        )
    if (np.abs(chances.sum(axis=1) - 1) > 1e-3).any():
        raise InvalidInput("The chances of each unit must add up to 1.")
