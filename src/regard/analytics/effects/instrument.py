"""The effect on those whom an instrument moves: two-stage least squares, with an interval that holds for weak ones too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, critical, floats
from regard.analytics.effects.given import REPEATED, THE_MOVED, Effect, effect
from regard.kernel.errors import InvalidInput, NotEnoughData

METHOD = "two-stage least squares, robust errors; Anderson–Rubin interval"
SOURCE = "Angrist & Imbens (1994), Econometrica 62, 467-475; Anderson & Rubin (1949), Ann. Math. Stat. 20, 46-63; Stock & Yogo (2005)"
WEAK = 10.0
FEWEST = 20


@dataclass(frozen=True, slots=True, eq=False)
class ByInstrument:
    """What an instrument tells.

    Args:
        effect: per unit of treatment. first_stage: F of the instrument on the treatment; below 10 it is weak.
        moved: by how much the instrument moves the treatment. reduced: by how much the outcome.
        low, high: Anderson–Rubin's ends; infinite where the instrument cannot bound that side. is_bounded: whether it does.
        least_squares: the effect that a regression without the instrument would tell.
    """

    effect: Effect
    first_stage: float
    moved: float
    reduced: float
    low: float
    high: float
    is_bounded: bool
    least_squares: float


def by_instrument(
    outcome: Floats, treatment: Floats, instrument: Floats, confounders: Floats, *, confidence: float = 0.95
) -> ByInstrument:
    """What a unit of treatment adds to the outcome of those whom the instrument moves; arrays (n,), (n, p) without gaps.

    Raises: InvalidInput where instrument, treatment or outcome do not vary beyond the confounders.
    Source: Angrist and Imbens (1994), Econometrica 62, 467-475; Anderson and Rubin (1949), Annals of Mathematical
        Statistics 20, 46-63.
    """
    n, k = len(outcome), confounders.shape[1] + 2
    if n < FEWEST + k:
        raise NotEnoughData(
            f"{n} rows without gaps are too few for an instrument; at least {FEWEST + k} are needed."
        )
    base = np.linalg.qr(np.column_stack((np.ones(n), confounders)))[0]
    left = []
    for name, values in (("outcome", outcome), ("treatment", treatment), ("instrument", instrument)):
        rest = values - base @ (base.T @ values)
        if np.ptp(values) == 0 or rest @ rest <= REPEATED * float(((values - values.mean()) ** 2).sum()):
            raise InvalidInput(
                f"The {name} does not vary, or the confounders tell it without fail. Name another, or fewer confounders."
            )
        left.append(rest)
    y, t, z = left
    many = n / (n - k)
    size = float(z @ z)
    moved, reduced = float(z @ t) / size, float(z @ y) / size
    if abs(moved) < 1e-12:
        raise InvalidInput("The instrument does not move the treatment at all.")
    # The robust covariance of what the instrument does to treatment and outcome.
    scores = z[:, None] * np.column_stack((t - moved * z, y - reduced * z))
    spread = scores.T @ scores / size**2 * many
    value = reduced / moved
    missed = y - value * t
    se = float(np.sqrt(((z * missed) ** 2).sum() * many)) / abs(moved * size)
    low, high, bounded = _anderson_rubin(moved, reduced, floats(spread), float(critical(confidence, n - k)))
    return ByInstrument(
        effect(METHOD, THE_MOVED, value, se, df=n - k, confidence=confidence), float(moved**2 / spread[0, 0]) if spread[0, 0] > 0 else float("inf"),
        moved, reduced, low, high, bounded, float(t @ y) / float(t @ t),
    )  # fmt: skip


def _anderson_rubin(moved: float, reduced: float, spread: Floats, reach: float) -> tuple[float, float, bool]:
    """All effects b for which the outcome less b times the treatment does not go with the instrument."""
    a = moved**2 - reach**2 * spread[0, 0]
    b = -2 * (moved * reduced - reach**2 * spread[0, 1])
    c = reduced**2 - reach**2 * spread[1, 1]
    inside = b * b - 4 * a * c
    if a <= 0 or inside < 0:
        return -np.inf, np.inf, False
    ends = sorted((-b + way * np.sqrt(inside)) / (2 * a) for way in (-1, 1))
    return float(ends[0]), float(ends[1]), True
