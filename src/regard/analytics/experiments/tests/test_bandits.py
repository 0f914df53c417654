"""Thompson's shares against closed forms, and what is read after a bandit against simulated truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from regard.analytics.arrays import Floats
from regard.analytics.experiments.adaptive import chances_ratio, compare_adaptive
from regard.analytics.experiments.comparisons import compare
from regard.analytics.experiments.moments import moments
from regard.analytics.experiments.thompson import deal_means, deal_proportions
from regard.kernel.errors import InvalidInput, NotEnoughData

BATCHES, SIZE = 20, 50


def test_two_shares_have_the_chance_of_the_closed_form() -> None:
    # Of Beta(a, b) and Beta(c, d), the chance that the second is larger (Miller 2015): a finite sum.
    a, b, c, d = 21, 81, 31, 71
    terms = [
        special.betaln(a + i, b + d) - np.log(d + i) - special.betaln(1 + i, d) - special.betaln(a, b)
        for i in range(c)
    ]
    found = deal_proportions([20, 30], [100, 100], floor=0)
    assert found.best[1] == pytest.approx(float(np.exp(terms).sum()), abs=1e-6)
    turned = deal_proportions([20, 30], [100, 100], floor=0, lower_is_better=True)
    assert turned.best[0] == pytest.approx(found.best[1], abs=1e-9)


def test_two_means_have_the_chance_of_the_normal_distribution() -> None:
    found = deal_means([10.0, 10.5], [0.3, 0.4], floor=0.1)
    z = 0.5 / 0.5
    assert found.best[1] == pytest.approx(special.ndtr(z), abs=1e-6)
    assert found.shares == pytest.approx(0.1 + 0.8 * found.best)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    assert found.remaining == pytest.approx(0.5 * (density - z * special.ndtr(-z)), abs=1e-5)


def test_many_variants_agree_with_draws_and_a_far_narrow_one_is_seen() -> None:
    generator = np.random.default_rng(1)
    hits, n = np.array([3, 40, 9, 5_000]), np.array([10, 100, 20, 13_000])
    drawn = generator.beta(hits + 1, n - hits + 1, (200_000, 4))
    expected = np.bincount(drawn.argmax(axis=1), minlength=4) / 200_000
    assert deal_proportions(hits, n, floor=0).best == pytest.approx(expected, abs=5e-3)
    assert deal_means([0, 1e6, 1e6], [1.0, 1e-3, 1e-3], floor=0).best == pytest.approx(
        [0, 0.5, 0.5], abs=1e-6
    )


def test_shares_that_cannot_be_are_refused() -> None:
    with pytest.raises(InvalidInput, match="least share"):
        deal_proportions([1, 2], [3, 3], floor=0.5)
    with pytest.raises(InvalidInput, match="between 0"):
        deal_proportions([4, 2], [3, 3])
    with pytest.raises(NotEnoughData, match="differ"):
        deal_means([1, 2], [0.0, 1.0])


def bandit(generator: np.random.Generator, rates: tuple[float, ...]) -> tuple[Floats, Floats, Floats]:
    """Variant, hit and chances of each unit, dealt batch by batch by Thompson's shares."""
    many = len(rates)
    hits, n = np.zeros(many), np.zeros(many)
    variants, hits_of, shares_of = [], [], []
    for _ in range(BATCHES):
        # Shares by draws: the quadrature is exact, but a simulation deals thousands of batches.
        best = generator.beta(hits + 1, n - hits + 1, (400, many)).argmax(axis=1)
        shares = 0.05 + (1 - 0.05 * many) * np.bincount(best, minlength=many) / 400
        variant = generator.choice(many, SIZE, p=shares)
        hit = (generator.random(SIZE) < np.array(rates)[variant]).astype(float)
        variants.append(variant)
        hits_of.append(hit)
        shares_of.append(np.tile(shares, (SIZE, 1)))
        hits += np.bincount(variant, hit, many)
        n += np.bincount(variant, minlength=many)
    return np.concatenate(variants), np.concatenate(hits_of), np.concatenate(shares_of)


def read(runs: int, seed: int, rates: tuple[float, ...]) -> dict[str, float]:
    """Bias, coverage, and how often the deal was stopped, of the adaptive and of the plain reading."""
    generator = np.random.default_rng(seed)
    truth = rates[1] - rates[0]
    found: list[tuple[float, ...]] = []
    for _ in range(runs):
        variant, hit, chances = bandit(generator, rates)
        place = variant.astype(np.int64)
        one = compare_adaptive(place, hit, chances)[0]
        m = moments(place, hit)
        plain = compare(m[1], m[0])
        base = float(one.baseline) - rates[0], float(plain.baseline) - rates[0]
        held = [float(each.low <= truth <= each.high) for each in (one, plain)]
        found.append((*base, *held, float(not chances_ratio(place, chances).ok)))
    names = ("bias", "plain_bias", "held", "plain_held", "stopped")
    return dict(zip(names, np.mean(found, axis=0).tolist(), strict=True))


def test_after_a_bandit_figures_are_not_too_low_and_intervals_hold() -> None:
    found = read(60, 1, (0.3, 0.3))
    assert found["plain_bias"] < found["bias"] - 0.003
    assert abs(found["bias"]) < 0.01
    assert found["held"] > 0.88
    assert found["stopped"] < 0.05


@pytest.mark.long
@pytest.mark.parametrize("rates", [(0.3, 0.3), (0.1, 0.15), (0.3, 0.4, 0.3)])
def test_intervals_after_a_bandit_hold_as_often_as_they_say(rates: tuple[float, ...]) -> None:
    found = read(1_000, 2, rates)
    assert 0.92 <= found["held"] <= 0.98
    assert abs(found["bias"]) < 0.005
    assert found["plain_bias"] < -0.006
    assert found["stopped"] < 0.005


def test_a_deal_that_followed_no_chances_is_stopped() -> None:
    generator = np.random.default_rng(3)
    variant = (generator.random(2_000) < 0.5).astype(np.int64)
    chances = np.tile([0.4, 0.6], (2_000, 1))
    assert not chances_ratio(variant, chances).ok
    with pytest.raises(InvalidInput, match="above 0"):
        compare_adaptive(variant, variant.astype(float), np.tile([0.0, 1.0], (2_000, 1)))
    with pytest.raises(InvalidInput, match="add up"):
        compare_adaptive(variant, variant.astype(float), np.tile([0.5, 0.6], (2_000, 1)))


def test_equal_chances_give_about_what_a_plain_experiment_gives() -> None:
    generator = np.random.default_rng(4)
    variant = (generator.random(4_000) < 0.5).astype(np.int64)
    y = generator.normal(10 + variant, 2)
    one = compare_adaptive(variant, y, np.full((4_000, 2), 0.5))[0]
    m = moments(variant, y)
    plain = compare(m[1], m[0])
    assert one.difference == pytest.approx(float(plain.difference), abs=0.05)
    assert one.se == pytest.approx(float(plain.se), rel=0.1)
