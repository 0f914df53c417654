"""Parts against the rest: by hand, beside Welch and statsmodels, and simulated with customers who come back."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from regard.analytics.arrays import floats
from regard.analytics.differences.against_rest import against_rest, ends_of_product
from regard.analytics.differences.independent import welch
from regard.analytics.means.mean import mean_arrays

SHARES = (0.05, 0.15, 0.3)


def drawn(seed: int, customers: int, repeats: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Parts, values and customers; who comes back tends to the same part and the same value."""
    random = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(customers), 1 + random.poisson(repeats, customers))
    lean = random.normal(0, 1.5, customers)[clusters]
    usual = random.choice(4, customers, p=[*SHARES, 0.5])[clusters]
    stays = random.random(len(clusters)) < 0.6
    part = np.where(stays, usual, random.choice(4, len(clusters), p=[*SHARES, 0.5]))
    values = 7 + lean - 2.0 * (part == 0) + 1.0 * (part == 2) + random.normal(0, 1, len(clusters))
    return part.astype(np.int64), floats(values), clusters


def test_where_nobody_comes_back_it_is_welch() -> None:
    part, values, _ = drawn(1, 400, 0)
    found = against_rest(part, values, 3)
    for at in range(3):
        sides = [values[part == at], values[part != at]]
        plain = welch(*(mean_arrays(len(one), one.sum(), (one**2).sum()) for one in sides))
        assert found.apart.value[at] == pytest.approx(float(plain.value))
        assert (found.apart.low[at], found.apart.p[at]) == pytest.approx((float(plain.low), float(plain.p)))
        assert found.score.value[at] == pytest.approx(sides[0].mean())
        assert found.pull.value[at] == pytest.approx(values.mean() - sides[1].mean())
    apart = found.apart.high - found.apart.low
    shares = np.array([(part == at).mean() for at in range(3)])
    assert (found.pull.high - found.pull.low > shares * apart).all()


def test_customers_alone_are_as_no_customers() -> None:
    part, values, clusters = drawn(2, 100, 0)
    one, other = against_rest(part, values, 3), against_rest(part, values, 3, clusters=clusters)
    assert one.apart.low == pytest.approx(other.apart.low)
    assert one.pull.high == pytest.approx(other.pull.high)
    assert not other.apart.clustered.any()


def test_who_comes_back_counts_as_in_statsmodels() -> None:
    part, values, clusters = drawn(3, 500, 3)
    found = against_rest(part, values, 3, clusters=clusters)
    for at in range(3):
        x = sm.add_constant((part == at).astype(float))
        robust = sm.OLS(values, x).fit(cov_type="cluster", cov_kwds={"groups": clusters})
        assert found.apart.value[at] == pytest.approx(robust.params[1])
        se = (found.apart.high[at] - found.apart.low[at]) / 2 / 1.96
        assert se == pytest.approx(robust.bse[1], rel=0.04)


def test_a_pull_whose_share_is_sure_has_the_ends_of_the_difference() -> None:
    spread = np.zeros((1, 3, 3))
    spread[0, 0, 0], spread[0, 1, 1] = 0.03, 0.01
    value, share, reach = floats([1.5]), floats([0.2]), floats([2.2])
    low, high = ends_of_product(value, share, spread, reach, 0.95)
    assert [low[0], high[0]] == pytest.approx([0.2 * (1.5 - 2.2 * 0.2), 0.2 * (1.5 + 2.2 * 0.2)], rel=2e-3)


def test_a_pull_of_an_unsure_share_has_the_ends_that_drawing_by_chance_finds() -> None:
    spread = np.array([[[0.05, 0.0, 0.004], [0.0, 0.02, 0.0], [0.004, 0.0, 0.0009]]])
    random = np.random.default_rng(8)
    apart, log_share = random.multivariate_normal(
        [-1.0, np.log(0.1)], [[0.07, 0.04], [0.04, 0.09]], 400_000
    ).T
    low, high = ends_of_product(floats([-1.0]), floats([0.1]), spread, floats([1.959964]), 0.95)
    found = np.quantile(apart * np.exp(log_share), [0.025, 0.975])
    assert [low[0], high[0]] == pytest.approx(found.tolist(), rel=0.01)


def test_what_is_far_from_zero_keeps_its_digits() -> None:
    part, values, _ = drawn(4, 300, 0)
    near, far = against_rest(part, values, 3), against_rest(part, values + 1e9, 3)
    assert far.apart.low == pytest.approx(near.apart.low, rel=1e-5)


def test_a_single_customer_tells_no_interval() -> None:
    part, values = np.array([0, 0, 1, 1, 1]), floats([1, 2, 3, 4, 6])
    found = against_rest(part, values, 1, clusters=np.array([0, 0, 1, 2, 3]))
    assert found.apart.value[0] == pytest.approx(1.5 - 13 / 3)
    assert np.isnan([found.apart.low[0], found.apart.p[0], found.pull.low[0], found.score.low[0]]).all()


def held(runs: int, customers: int, repeats: float) -> np.ndarray:
    """How often the intervals of means, differences and pulls hold the truth: array (figures, parts)."""
    part, values, _ = drawn(99, 60_000, repeats)
    whole = against_rest(part, values, 3)
    truth = (whole.score.value, whole.apart.value, whole.pull.value)
    hits = np.zeros((3, 3))
    for run in range(runs):
        part, values, clusters = drawn(run + 1000, customers, repeats)
        found = against_rest(part, values, 3, clusters=clusters)
        ends = [(one.low, one.high) for one in (found.score, found.pull)]
        ends.insert(1, (found.apart.low, found.apart.high))
        for row, ((low, high), true) in enumerate(zip(ends, truth, strict=True)):
            hits[row] += (low <= true) & (true <= high)
    return hits / runs


def test_intervals_hold_the_truth_in_a_small_sample() -> None:
    assert held(80, 200, 2.0).mean() > 0.92


@pytest.mark.long
def test_95_percent_intervals_hold_the_truth() -> None:
    found = np.array(
        [held(1_000, customers, repeats) for customers in (200, 300, 600) for repeats in (0.0, 2.0, 6.0)]
    )
    assert 0.935 < found.mean() < 0.965
    assert found.min() > 0.92
