"""What the intervals of aspects cover; the sentences are made up here, no customer's words."""

from __future__ import annotations

import numpy as np
import pytest

from regard.analytics.arrays import Floats, floats
from regard.analytics.words.aspects import Aspects, AspectScores
from regard.analytics.words.sentiment import tell_feelings

# From the unhappiest to the happiest, as those in between are drawn by customers who are neither.
TEXTS = [
    "The staff were rude and awful.", "The delivery was terrible.", "The parcel was broken, I hate it.",
    "Wonderful staff, but the delivery was awful.", "A terrible parcel, but friendly staff.", "I waited for the delivery.",
    "The parcel came today.", "The staff were there.", "The staff were lovely.", "The delivery was quick and wonderful.",
    "I love the parcel.", "Great staff, great delivery.",
]  # fmt: skip
ASPECTS = ["delivery", "parcel", "staff"]


def written(seed: int, customers: int, repeats: float) -> tuple[np.ndarray, np.ndarray]:
    """Which of `TEXTS` each customer writes, and whose each is; who writes more is less happy and keeps to it."""
    random = np.random.default_rng(seed)
    often = random.gamma(1.0, 1.0, customers)
    owners = np.repeat(np.arange(customers), 1 + random.poisson(repeats * often))
    mood = random.normal(0.55 - 0.1 * np.minimum(often, 2) * (repeats > 0), 0.2, customers)[owners]
    drawn = np.clip(mood + random.normal(0, 0.25, len(owners)), 0, 0.999)
    return (drawn * len(TEXTS)).astype(np.int64), owners


def told_of(texts: np.ndarray, owners: np.ndarray | None) -> AspectScores:
    aspects = Aspects(20)
    aspects.add(tell_feelings([TEXTS[at] for at in texts], ["en"]), owners)
    return aspects.told()


def figures_of(found: AspectScores, of: str) -> Floats:
    """The mean score and the share of negative ones of each of `ASPECTS`: array (figures, aspects)."""
    at = [found.words.index(word) for word in ASPECTS]
    return floats([getattr(one, of)[at] for one in (found.score, found.negative)])


def held(runs: int, customers: int, repeats: float) -> Floats:
    """How often the intervals hold what is told of texts in the parts that 200,000 customers write them."""
    parts = np.bincount(written(99, 200_000, repeats)[0], minlength=len(TEXTS))
    truth = figures_of(told_of(np.repeat(np.arange(len(TEXTS)), 5000 * parts // parts.sum()), None), "value")
    hits = np.zeros(truth.shape)
    for run in range(runs):
        texts, owners = written(1000 + run, customers, repeats)
        found = told_of(texts, owners if repeats else None)
        hits += (figures_of(found, "low") <= truth) & (truth <= figures_of(found, "high"))
    return floats(hits / runs)


@pytest.mark.parametrize("repeats", [0.0, 2.0])
def test_the_intervals_of_aspects_hold_the_truth_in_a_few_runs(repeats: float) -> None:
    assert held(40, 100, repeats).mean() > 0.9


@pytest.mark.long
def test_the_intervals_of_aspects_hold_the_truth_nineteen_times_in_twenty() -> None:
    rates = floats([held(400, customers, repeats) for customers in (60, 200) for repeats in (0.0, 3.0)])
    assert rates.min() >= 0.92, rates
    assert 0.935 <= rates.mean() <= 0.965, rates
