"""One treated unit against a mixture of others that went as it did before: synthetic control."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.effects.given import THE_TREATED, Effect
from regard.analytics.effects.panel import Panel
from regard.kernel.errors import NotEnoughData

METHOD = "synthetic control, p and interval by treating each other unit as if it were the treated one"
SOURCE = "Abadie, Diamond & Hainmueller (2010), JASA 105, 493-505; (2015), Am. J. Polit. Sci. 59, 495-510"
FEWEST_DONORS = 5
FEWEST_BEFORE = 3


@dataclass(frozen=True, slots=True, eq=False)
class Synthetic:
    """The treated unit and its mixture.

    Args:
        effect: the mean gap after. weights: of each donor. real, mixed: arrays (periods,).
        began: the first treated period. misfit: root mean squared gap before; spread: how much the unit moved before.
        placebos: array (donors, periods), the gap of each donor against a mixture of the others.
    """

    effect: Effect
    donors: tuple[str, ...]
    weights: Floats
    real: Floats
    mixed: Floats
    began: int
    misfit: float
    spread: float
    placebos: Floats


def synthetic_control(panel: Panel, *, confidence: float = 0.95) -> Synthetic:
    """How far the treated went from a mixture of the never treated that had gone as they did before.

    Several units treated from the same period on are taken as their mean. The interval is what placebos leave: with d
    donors it reaches at most 1 - 2 / (d + 1).

    Raises: NotEnoughData below five donors or three periods before, or where treatments begin at different times.
    Source: Abadie, Diamond and Hainmueller (2010), Journal of the American Statistical Association 105, 493-505.
    """
    cohorts = np.unique(panel.began[panel.treated])
    if not len(cohorts):
        raise NotEnoughData(
            "No unit without gaps is treated from some time on. The treatment column is 0 before and 1 from then on."
        )
    if len(cohorts) != 1:
        raise NotEnoughData(
            f"The treatment begins at {len(cohorts)} different times; a synthetic control needs one. Give one treated unit, or ask --design did."
        )
    began, donors = int(cohorts[0]), panel.outcome[~panel.treated]
    if began < FEWEST_BEFORE or len(donors) < FEWEST_DONORS:
        raise NotEnoughData(
            f"There are {began} periods before and {len(donors)} units never treated without gaps; a synthetic control needs at least "
            f"{FEWEST_BEFORE} and {FEWEST_DONORS}."
        )
    real = panel.outcome[panel.treated].mean(axis=0)
    weights = mixture(real[:began], donors[:, :began])
    mixed = weights @ donors
    placebos = np.array([_gap(donors, at, began) for at in range(len(donors))])
    gap = real - mixed
    return Synthetic(
        effect=_judged(gap, placebos, began, confidence),
        donors=tuple(name for name, treated in zip(panel.units, panel.treated, strict=True) if not treated),
        weights=weights,
        real=floats(real),
        mixed=floats(mixed),
        began=began,
        misfit=float(np.sqrt((gap[:began] ** 2).mean())),
        spread=float(real[:began].std()),
        placebos=floats(placebos),
    )


def mixture(target: Floats, donors: Floats) -> Floats:
    """Weights, none negative, that add up to 1 and bring the donors (units, periods) as near to the target as can be.

    Source: Lawson and Hanson (1974), Solving Least Squares Problems, ch. 23 (none negative).
    """
    from scipy.optimize import nnls

    # Taking the target off each donor makes the sum of weights a matter of scale: one heavy row asks for it.
    away = (donors - target).T
    heavy = 1e3 * max(float(np.abs(away).max()), 1e-9)
    found = nnls(np.vstack((away, np.full(len(donors), heavy))), np.append(np.zeros(len(target)), heavy))[0]
    return floats(found / found.sum())


def _gap(donors: Floats, at: int, began: int) -> Floats:
    others = np.delete(donors, at, axis=0)
    return floats(donors[at] - mixture(donors[at, :began], others[:, :began]) @ others)


def _judged(gap: Floats, placebos: Floats, began: int, confidence: float) -> Effect:
    """p by how many placebos went as far from their mixtures, in units of how well those fitted; the interval by the same."""
    value = float(gap[began:].mean())
    misfits = np.sqrt((placebos[:, :began] ** 2).mean(axis=1))
    # A mixture of many units follows a few periods by luck: no misfit counts as less than the middle one.
    least = max(float(np.median(misfits)), 1e-9 * float(np.abs(gap).max()), 1e-300)
    misfit = max(float(np.sqrt((gap[:began] ** 2).mean())), least)
    misfits = np.maximum(misfits, least)
    ratios = np.sort(np.abs(placebos[:, began:].mean(axis=1)) / misfits)[::-1]
    p = float((1 + (ratios >= abs(value) / misfit).sum()) / (1 + len(ratios)))
    allowed = int((1 - confidence) * (1 + len(ratios)) - 1 + 1e-9)
    reach = float(ratios[max(allowed, 0)]) * misfit
    return Effect(
        METHOD, THE_TREATED, value, float(ratios.std(ddof=1)) * misfit, value - reach, value + reach, p
    )
