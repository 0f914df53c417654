"""How far from a forecast the truth may lie, told from how far it lay when the past was foretold."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtrit

from regard.analytics.arrays import Floats, floats

METHOD = "conformal intervals from the errors of the rolling test, by horizon, each day's errors as one"
SOURCE = "Vovk, Gammerman and Shafer (2005), Algorithmic learning in a random world; Lee, Barber and Willett (2023), arXiv:2306.06342"


# Of what an interval may miss, so much is left for having chosen the model by the same errors.
SPARED = 0.2
PARTS, LEAST_TESTS = 5, 3


def reaches(scores: Floats, bins: Floats, tests: float, *, confidence: float) -> Floats:
    """How far the truth may lie, in units of the scores, for each step ahead; array (horizon,).

    Of the errors seen and the one to come the share `confidence` lies within the quantile, where the one to come may lie
    anywhere. Errors of one test hang together, so they count for as many as they are worth; where these are too few
    for that quantile, Student's t carries on from their root mean square.

    Args:
        scores: array (k, horizon), sizes of errors; not a number where the truth is not known.
        bins: array (horizon,), steps that are looked at together; whole numbers from 0 on.
        tests: how many independent tests the k are worth.
    """
    found = np.zeros(scores.shape[1])
    last = int(bins.max())
    if last <= 1:
        return np.full(scores.shape[1], _reach(scores, tests, confidence))
    for one in range(last + 1):
        # Neighbours lend a hand: errors hardly differ from one bin to the next.
        near = np.abs(bins - one) <= 1
        found[bins == one] = _reach(scores[:, near], tests, confidence)
    return found


def _reach(scores: Floats, tests: float, confidence: float) -> float:
    known = scores[np.isfinite(scores)]
    if not len(known):
        return np.nan
    n = _independent(scores, tests, confidence)
    confidence = 1 - (1 - confidence) * (1 - SPARED)
    share = confidence * (1 + 1 / n)
    if share < 1:
        return float(np.quantile(known, share, method="higher"))
    spread = float(np.sqrt(np.mean(known**2)))
    student = spread * float(stdtrit(max(n - 1, 1.0), (1 + confidence) / 2)) * np.sqrt(1 + 1 / n)
    return float(max(student, np.quantile(known, confidence)))


def _independent(scores: Floats, tests: float, confidence: float) -> float:
    """How many independent errors these are worth: as many as there are where each errs by itself, as few as there are
    tests where all errors of a test stand or fall together.

    Source: Kish (1965), Survey sampling, section 5.4 (design effect).
    """
    known = np.isfinite(scores)
    seen = known.sum(axis=1)
    kept = seen > 0
    if kept.sum() < 2:
        return tests
    beyond = scores > np.quantile(scores[known], confidence)
    shares = (beyond & known).sum(axis=1)[kept] / seen[kept]
    spread = float(np.var(shares, ddof=1))
    n = confidence * (1 - confidence) * kept.sum() / max(spread, 1e-12)
    return float(np.clip(n * tests / kept.sum(), tests, max(known.sum() * tests / kept.sum(), tests)))


def held_out_coverage(scores: Floats, bins: Floats, tests: float, *, confidence: float) -> float:
    """The share of the truth within the intervals that the other tests make; tests that overlap are left out together."""
    k = len(scores)
    if k < LEAST_TESTS:
        return float("nan")
    inside, seen = 0.0, 0.0
    for part in np.array_split(np.arange(k), min(k, PARTS)):
        others = np.delete(scores, part, axis=0)
        worth = max(tests * len(others) / k, 1.0)
        reach = reaches(others, bins, worth, confidence=confidence)
        known = np.isfinite(scores[part])
        inside += float((scores[part] <= reach)[known].sum())
        seen += float(known.sum())
    return inside / seen if seen else float("nan")


def in_bins(horizon: int, width: int) -> Floats:
    """The steps ahead in groups of `width`."""
    return floats(np.arange(horizon) // max(width, 1))
