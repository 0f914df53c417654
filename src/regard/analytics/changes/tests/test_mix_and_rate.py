"""The split of a change: published examples, a second implementation, and how often its intervals hold the truth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from statsmodels.stats.oaxaca import OaxacaBlinder

from regard.analytics.arrays import Floats
from regard.analytics.changes.given import Answers
from regard.analytics.changes.mix_and_rate import Split, change, split

Made = tuple[Answers, NDArray[np.int64]]


def answers_of(cells: list[tuple[int, bool, list[float]]]) -> Made:
    """Answers of (group, is after, scores)."""
    group = np.concatenate([np.full(len(scores), place) for place, _, scores in cells])
    after = np.concatenate([np.full(len(scores), when) for _, when, scores in cells])
    scores = np.concatenate([np.asarray(scores, dtype=np.float64) for _, _, scores in cells])
    return Answers(scores, after), group


def made(random: np.random.Generator, n: int, shares: Floats, means: Floats, repeated: int = 1) -> Made:
    """Answers of customers who give `repeated` each: `shares` and `means` are (2, groups)."""
    after = random.random(n) < 0.5
    groups = (random.random(n)[:, None] > shares.cumsum(axis=1)[after.astype(int)][:, :-1]).sum(axis=1)
    own = np.repeat(random.normal(size=n), repeated)
    after, groups = np.repeat(after, repeated), np.repeat(groups, repeated)
    chance = np.clip(means[after.astype(int), groups], 0, 1)
    noise = np.where(repeated > 1, 0.3 * own, 0.0)
    scores = chance + noise + random.normal(scale=0.5, size=len(after))
    customers = np.repeat(np.arange(n), repeated) if repeated > 1 else None
    return Answers(scores, after, customers), groups


def nps(promoters: int, passives: int, detractors: int) -> list[float]:
    return [100.0] * promoters + [0.0] * passives + [-100.0] * detractors


SHOP_A = [
    (0, False, nps(8, 6, 6)), (1, False, nps(56, 8, 16)), (0, True, nps(16, 12, 12)), (1, True, nps(36, 18, 6)),
]  # fmt: skip


def test_a_weak_shop_that_grows_is_all_mix() -> None:
    answers, groups = answers_of(SHOP_A)
    before, after, delta = change(answers)
    found = split(answers, groups, 2)
    np.testing.assert_allclose(found.figure, [[10, 10], [50, 50]])
    assert (before, after, delta.value) == (pytest.approx(42), pytest.approx(34), pytest.approx(-8))
    assert (found.total_mix.value, found.total_rate.value) == (pytest.approx(-8), pytest.approx(0, abs=1e-12))


def test_groups_and_parts_add_up_to_the_change() -> None:
    answers, groups = made(np.random.default_rng(5), 500, np.array([[0.5, 0.2, 0.3], [0.3, 0.3, 0.4]]),
                           np.array([[0.2, 0.5, 0.7], [0.4, 0.5, 0.1]]))  # fmt: skip
    found, (_, _, delta) = split(answers, groups, 3), change(answers)
    assert found.mix.value.sum() + found.rate.value.sum() == pytest.approx(delta.value, abs=1e-12)
    assert float(found.total_mix.value + found.total_rate.value) == pytest.approx(delta.value, abs=1e-12)


def test_a_group_that_came_is_all_mix() -> None:
    answers, groups = answers_of(
        [(0, False, nps(6, 3, 1)), (0, True, nps(12, 6, 2)), (1, True, nps(2, 3, 5))]
    )
    found, (_, _, delta) = split(answers, groups, 2), change(answers)
    assert float(found.total_rate.value) == pytest.approx(0, abs=1e-12)
    assert float(found.total_mix.value) == pytest.approx(delta.value)
    assert np.isnan(found.figure[1, 0])
    assert np.isfinite(found.mix.low).all()


def test_the_parts_are_those_of_a_two_fold_decomposition() -> None:
    answers, groups = made(np.random.default_rng(6), 800, np.array([[0.5, 0.2, 0.3], [0.3, 0.3, 0.4]]),
                           np.array([[0.2, 0.5, 0.7], [0.4, 0.5, 0.1]]))  # fmt: skip
    found = split(answers, groups, 3)
    columns = np.column_stack([groups == 1, groups == 2, answers.is_after]).astype(float)
    other = OaxacaBlinder(answers.scores, columns, 2, hasconst=False)
    other.rng = np.random.default_rng(3)  # Newer ones have a generator of their own, older ones take numpy's.
    np.random.seed(3)
    told = other.two_fold(std=True, two_fold_type="reimers", n=1000, conf=0.9999)
    unexplained, explained, _ = told.params
    # It takes away the first group by mean from the second; the sign is by which of the two is larger.
    sign = np.sign(unexplained + explained) * np.sign(change(answers)[2].value)
    assert float(found.total_mix.value) == pytest.approx(sign * explained, abs=1e-9)
    assert float(found.total_rate.value) == pytest.approx(sign * unexplained, abs=1e-9)
    half = (found.total_rate.high - found.total_rate.low) / 2 / 1.96
    assert told.std[0] == pytest.approx(half, rel=0.06)
    half = (found.total_mix.high - found.total_mix.low) / 2 / 1.96
    assert told.std[1] == pytest.approx(half, rel=0.06)


def test_answers_twice_over_say_no_more_than_once() -> None:
    random = np.random.default_rng(8)
    answers, groups = made(
        random, 300, np.array([[0.5, 0.5], [0.4, 0.6]]), np.array([[0.2, 0.5], [0.3, 0.5]])
    )
    twice = Answers(np.tile(answers.scores, 2), np.tile(answers.is_after, 2), np.tile(np.arange(300), 2))
    once, doubled = split(answers, groups, 2), split(twice, np.tile(groups, 2), 2)
    for one, two in (
        (once.rate, doubled.rate),
        (once.mix, doubled.mix),
        (once.total_rate, doubled.total_rate),
    ):
        np.testing.assert_allclose(two.high - two.low, one.high - one.low, rtol=0.03)
    assert change(twice)[2].p == pytest.approx(change(answers)[2].p, rel=0.05)


def test_the_unit_of_the_scores_does_not_matter() -> None:
    answers, groups = made(
        np.random.default_rng(9), 200, np.full((2, 2), 0.5), np.array([[0.2, 0.5], [0.4, 0.5]])
    )
    far = Answers(1e9 + 1e3 * answers.scores, answers.is_after)
    one, two = split(answers, groups, 2), split(far, groups, 2)
    np.testing.assert_allclose(two.rate.low, 1e3 * one.rate.low, rtol=1e-4)


def held(n: int, repeated: int, runs: int, seed: int) -> Iterator[Floats]:
    """Whether the intervals of the totals and of each group held the truth; not a number where there is none."""
    shares, means = (
        np.array([[0.6, 0.25, 0.15], [0.4, 0.3, 0.3]]),
        np.array([[0.3, 0.5, 0.8], [0.4, 0.5, 0.5]]),
    )
    whole = (shares * means).sum(axis=1)
    rate = shares.mean(axis=0) * (means[1] - means[0])
    mix = (shares[1] - shares[0]) * (means.mean(axis=0) - whole.mean())
    random = np.random.default_rng(seed)
    for _ in range(runs):
        answers, groups = made(random, n, shares, means, repeated)
        found: Split = split(answers, groups, 3)
        delta = change(answers)[2]
        parts = [
            (found.total_mix, mix.sum()),
            (found.total_rate, rate.sum()),
            (found.mix, mix),
            (found.rate, rate),
        ]
        told = [
            np.atleast_1d(np.where(np.isnan(part.low), np.nan, (part.low <= truth) & (truth <= part.high)))
            for part, truth in parts
        ]
        truth = whole[1] - whole[0]
        yield np.concatenate([*told, [delta.low <= truth <= delta.high]])


def test_intervals_hold_the_truth_in_a_few_runs() -> None:
    shares = np.nanmean(list(held(300, 1, 60, 3)), axis=0)
    assert 0.92 < shares.mean() < 0.98


@pytest.mark.long
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    grid = [(60, 1), (150, 1), (300, 1), (1000, 1), (3000, 1), (200, 3)]
    shares = np.array([np.nanmean(list(held(n, repeated, 1000, 4)), axis=0) for n, repeated in grid])
    assert shares.min() > 0.92
    assert abs(shares.mean() - 0.95) < 0.015
