"""How strong something hidden would have to be to explain an effect away, and whether one appears where none can be."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, critical, floats
from regard.analytics.effects.given import Effect, Rows
from regard.analytics.effects.regression import design, least_squares

SOURCE = "VanderWeele & Ding (2017), Ann. Intern. Med. 167, 268-274; Cinelli & Hazlett (2020), J. R. Statist. Soc. B 82, 39-67"
# By this a difference in standard deviations becomes the logarithm of a ratio of risks.
STANDARDISED = 0.91
PERMUTATIONS = 500


@dataclass(frozen=True, slots=True)
class EValue:
    """By how many times something hidden would have to go with both treatment and outcome to explain the effect away.

    Args:
        ratio: of the chances (or what a difference in standard deviations amounts to).
        value: for the effect; limit: for the end of its interval nearer to none (1: it holds none already).
    """

    ratio: float
    value: float
    limit: float


def e_value(found: Effect, rows: Rows) -> EValue:
    """The E-value of an effect: of shares by their ratio, of other outcomes by standard deviations.

    Source: VanderWeele and Ding (2017), Annals of Internal Medicine 167, 268-274.
    """
    ends = (found.value, found.low, found.high)
    if rows.is_share:
        without = float(rows.outcome[rows.treatment < 0.5].mean())
        ratios = [max(without + end, 1e-9) / max(without, 1e-9) for end in ends]
    else:
        spread = float(rows.outcome.std(ddof=1))
        ratios = [math.exp(max(-700, min(700, STANDARDISED * end / spread))) for end in ends]
    ratio, low, high = ratios
    limit = 1.0 if low <= 1 <= high else (low if ratio > 1 else high)
    return EValue(ratio, of_ratio(ratio), of_ratio(limit))


def of_ratio(ratio: float) -> float:
    """The E-value of a ratio of risks.

    >>> round(of_ratio(3.9), 2)
    7.26
    """
    above = ratio if ratio >= 1 else 1 / ratio
    return above + math.sqrt(above * (above - 1))


@dataclass(frozen=True, slots=True, eq=False)
class Hidden:
    """What a hidden confounder would have to explain.

    Args:
        partial_r2: of the outcome, the share that the treatment explains beyond the confounders.
        robustness: the share of what is left of both treatment and outcome that it would have to explain to bring the
            effect to nothing; robustness_significant: to where its interval holds none.
        strongest: the confounder that explains most; as_strong: what would be left of the effect if one as strong as it were
            hidden, with low and high.
    """

    partial_r2: float
    robustness: float
    robustness_significant: float
    strongest: str
    as_strong: float
    as_strong_low: float
    as_strong_high: float


def hidden_confounder(rows: Rows, *, confidence: float = 0.95) -> Hidden:
    """How much a confounder that nobody measured would have to explain, against the regression's effect.

    Source: Cinelli and Hazlett (2020), Journal of the Royal Statistical Society B 82, 39-67.
    """
    whole = design(rows)
    fitted = least_squares(whole, rows.outcome)
    value, se, df = fitted.coefficients[1], math.sqrt(fitted.classical[1, 1]), fitted.df
    t = value / se
    reach = float(critical(confidence, df - 1))
    strength = abs(t) / math.sqrt(df)
    found = (t**2 / (t**2 + df), robustness(strength), robustness(strength - reach / math.sqrt(df - 1)))
    strongest, left = _as_strong(rows, whole, fitted.df, float(value), se, reach)
    return Hidden(*found, strongest, *left)


def robustness(strength: float) -> float:
    """The robustness value of a strength |t| / sqrt(df), 0 where there is none."""
    if strength <= 0:
        return 0.0
    return 0.5 * (math.sqrt(strength**4 + 4 * strength**2) - strength**2)


def _as_strong(
    rows: Rows, whole: Floats, df: int, value: float, se: float, reach: float
) -> tuple[str, tuple[float, float, float]]:
    """The confounder that would move the effect most if one as strong were hidden; what would be left, with its ends."""
    if not rows.names:
        return "", (value, value - reach * se, value + reach * se)
    of_outcome = _partials(whole, rows.outcome)[2:]
    of_treatment = _partials(np.delete(whole, 1, axis=1), rows.treatment)[1:]
    treatment = of_treatment / (1 - of_treatment)
    # Being hidden beside the measured ones, it would go with what they leave of the treatment, and so with them.
    beside = treatment**2
    if (beside >= 1).any():
        at = int(np.argmax(beside))
        return rows.names[at], (0.0, -math.inf, math.inf)
    grown = ((1 + np.sqrt(beside)) / np.sqrt(1 - beside)) ** 2
    outcome = np.minimum(1.0, grown * of_outcome / (1 - of_outcome))
    bias = se * np.sqrt(df * outcome * treatment / (1 - treatment))
    at = int(np.argmax(bias))
    error = se * math.sqrt((1 - outcome[at]) / (1 - treatment[at]) * df / (df - 1))
    left = value - math.copysign(float(bias[at]), value)
    return rows.names[at], (left, left - reach * error, left + reach * error)


def _partials(x: Floats, y: Floats) -> Floats:
    """Of each column, the share of what the others leave of `y` that it explains."""
    fitted = least_squares(x, y)
    t2 = fitted.coefficients**2 / np.diag(fitted.classical)
    return floats(t2 / (t2 + fitted.df))


def placebo_p(rows: Rows, *, draws: int = PERMUTATIONS, seed: int = 2) -> tuple[float, float]:
    """(the mean effect, the share of effects as large as the real one) when the treatment is dealt out anew by lot.

    What the confounders explain of treatment and outcome is taken off both first.

    Source: Freedman and Lane (1983), Journal of Business and Economic Statistics 1, 292-298.
    """
    base = np.column_stack((np.ones(len(rows)), rows.confounders))
    turn = np.linalg.qr(base)[0]
    t, y = (part - turn @ (turn.T @ part) for part in (rows.treatment, rows.outcome))
    real = (t @ y) / (t @ t)
    generator = np.random.default_rng(seed)
    found = np.array([(one @ y) / (t @ t) for one in (generator.permutation(t) for _ in range(draws))])
    return float(found.mean()), float((1 + (np.abs(found) >= abs(real) - 1e-12).sum()) / (1 + draws))
