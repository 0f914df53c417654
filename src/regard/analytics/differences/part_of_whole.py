"""Which of several parts differ from the rest by more than chance, from their own figures and the whole's."""

from __future__ import annotations

import math
from collections.abc import Sequence

from regard.analytics.distributions.normal import normal_quantile
from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg
from regard.kernel.estimates import Estimate

Z95 = normal_quantile(0.975)
SIGNIFICANT = 0.05
LEAST = 5


def standings(parts: Sequence[Estimate | None], whole: Estimate | None) -> list[int]:
    """For each part: 1 above the rest, -1 below, 0 where chance explains it (after Benjamini-Hochberg over all parts).

    A part is compared with all the others together: of the whole, its share n/N is taken out. Standard errors are
    read off the 95% intervals, on the side that faces the other figure, so that lopsided intervals (one dissatisfied
    answer of one: 0% to 79%) are believed only as far as they reach. Fewer than `LEAST` answers are never told apart.

    Source: Zou and Donner (2008), Statistics in Medicine 27, 1693-1702 (intervals facing each other).

    >>> a, b = Estimate(60.0, 55.0, 65.0, 400), Estimate(40.0, 35.0, 45.0, 400)
    >>> standings([a, b], Estimate(50.0, 46.5, 53.5, 800))
    [1, -1]
    """
    tests = [_against_rest(part, whole) for part in parts]
    adjusted = benjamini_hochberg([p for _, p in tests])
    return [
        0 if math.isnan(p) or p >= SIGNIFICANT else (1 if side > 0 else -1)
        for (side, _), p in zip(tests, adjusted.tolist(), strict=True)
    ]


def standard_error(estimate: Estimate | None) -> float:
    """The standard error that a 95% interval stands for; not a number where there is none, or one of no width."""
    if estimate is None or estimate.low is None or estimate.high is None or estimate.high <= estimate.low:
        return math.nan
    return (estimate.high - estimate.low) / (2 * Z95)


def _against_rest(part: Estimate | None, whole: Estimate | None) -> tuple[float, float]:
    """The test statistic and p of one part against all others together; no p where there is nothing to test."""
    nothing = (0.0, math.nan)
    if part is None or whole is None or not LEAST <= part.n < whole.n:
        return nothing
    share = part.n / whole.n
    rest = (whole.value - share * part.value) / (1 - share)
    is_above = part.value > rest
    se_part, se_whole = _arm(part, below=is_above), _arm(whole, below=not is_above)
    if math.isnan(se_part) or math.isnan(se_whole):
        return nothing
    # Where intervals are rough the whole may seem less sure than its part is; the rest is then as sure as the whole.
    rest_variance = max(se_whole**2 - (share * se_part) ** 2, se_whole**2 * (1 - share)) / (1 - share) ** 2
    se = math.sqrt(se_part**2 + rest_variance)
    if se == 0:
        return nothing
    z = (part.value - rest) / se
    return z, math.erfc(abs(z) / math.sqrt(2))


def _arm(estimate: Estimate, *, below: bool) -> float:
    """The standard error that the lower (or upper) arm of the 95% interval stands for."""
    end = estimate.low if below else estimate.high
    return math.nan if end is None else abs(end - estimate.value) / Z95
