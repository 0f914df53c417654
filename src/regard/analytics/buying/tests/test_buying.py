"""The models of buying against CDNOW's published figures, lifetimes, and customers made as they say."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from regard.analytics.arrays import Floats
from regard.analytics.buying.bg_nbd import BgNbd, fit_bg_nbd
from regard.analytics.buying.gamma_gamma import fit_gamma_gamma
from regard.analytics.buying.histories import Histories, Places, group
from regard.analytics.buying.tests.cdnow import histories
from regard.kernel.errors import InvalidInput, NotEnoughData


@cache
def cdnow() -> tuple[Histories, Places]:
    again, last, age, _ = histories()
    return group(again, last, age, per=7)


def made(n: int, seed: int, *, modified: bool = False) -> tuple[Floats, Floats, Floats, Floats]:
    """Customers who buy and leave as the model says: again, last and age, and purchases in 26 weeks after."""
    random = np.random.default_rng(seed)
    age = random.uniform(20, 40, n)
    rate, chance = random.gamma(0.6, 1 / 4.0, n), random.beta(0.8, 2.5, n)
    again, last, later = np.zeros(n), np.zeros(n), np.zeros(n)
    for one in range(n):
        now = 0.0
        here = not (modified and random.random() < chance[one])
        while here:
            now += random.exponential(1 / rate[one])
            if now > age[one] + 26:
                break
            if now <= age[one]:
                again[one] += 1
                last[one] = now
            else:
                later[one] += 1
            here = random.random() >= chance[one]
    return again, last, age, later


def test_cdnow_gives_the_published_model() -> None:
    kinds, _ = cdnow()
    model = fit_bg_nbd(kinds)
    assert (model.n, len(kinds)) == (2357, 1016)
    assert [model.r, model.alpha, model.a, model.b] == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=5e-4)
    assert model.log_likelihood == pytest.approx(-9582.43, abs=5e-3)


def test_cdnow_gives_the_published_amounts() -> None:
    again, _, _, amount = histories()
    spend = fit_gamma_gamma(again[again > 0], amount[again > 0])
    assert [spend.p, spend.q, spend.gamma] == pytest.approx([6.25, 3.74, 15.44], abs=5e-3)


# What lifetimes 0.11.3 gives for CDNOW: the sum over customers of the purchases expected within 39 weeks, and for the
# modified model its parameters. Each single customer's figure agreed to 2e-6 where the parameters are the same.
def test_cdnow_agrees_with_lifetimes() -> None:
    kinds, _ = cdnow()
    plain, modified = fit_bg_nbd(kinds), fit_bg_nbd(kinds, modified=True)
    assert float(kinds.n @ plain.purchases(kinds, 39)) == pytest.approx(1653.4087, abs=1e-3)
    assert float(kinds.n @ modified.purchases(kinds, 39)) == pytest.approx(1576.7283, abs=1e-3)
    assert [modified.r, modified.alpha, modified.a, modified.b] == pytest.approx(
        [0.5248429, 6.18308176, 0.89135952, 1.61400293], rel=1e-5
    )


@pytest.mark.parametrize("modified", [False, True])
def test_chances_added_up_are_the_expected_purchases(modified: bool) -> None:
    kinds, _ = cdnow()
    model = fit_bg_nbd(kinds, modified=modified)
    ahead = model.ahead(kinds, 39)
    assert ahead.mean == pytest.approx(model.purchases(kinds, 39), abs=1e-9)
    assert (ahead.low <= ahead.mean).all()
    assert (ahead.variance >= 0).all()


def test_grouping_changes_nothing() -> None:
    again, last, age, _ = histories()
    kinds, place = cdnow()
    assert kinds.again[place].tolist() == again.tolist()
    assert (7 * kinds.last[place]).tolist() == pytest.approx(last.tolist())
    one_each = Histories(again, last / 7, age / 7, np.ones(len(again)))
    assert fit_bg_nbd(one_each).log_likelihood == pytest.approx(fit_bg_nbd(kinds).log_likelihood, abs=1e-6)


def test_the_unit_of_time_and_money_changes_only_their_parameters() -> None:
    kinds, _ = cdnow()
    weeks = fit_bg_nbd(kinds)
    seconds = fit_bg_nbd(Histories(kinds.again, kinds.last * 1e12, kinds.age * 1e12, kinds.n))
    assert [seconds.r, seconds.alpha / 1e12, seconds.a] == pytest.approx(
        [weeks.r, weeks.alpha, weeks.a], rel=1e-6
    )
    again, _, _, amount = histories()
    x, z = again[again > 0], amount[again > 0]
    small, large = fit_gamma_gamma(x, z), fit_gamma_gamma(x, z * 1e12)
    assert [large.p, large.q, large.gamma / 1e12] == pytest.approx([small.p, small.q, small.gamma], rel=1e-5)


def covered(n: int, runs: int, *, modified: bool = False) -> tuple[float, float]:
    """How often the interval of log r holds the truth, and the prediction of a customer what they bought."""
    truth, predicted = [], []
    for seed in range(runs):
        again, last, age, later = made(n, seed, modified=modified)
        kinds, place = group(again, last, age)
        model = fit_bg_nbd(kinds, modified=modified)
        reach = 1.96 * np.sqrt(np.diag(model.covariance))[0]
        truth.append(abs(np.log(model.r / 0.6)) <= reach)
        ahead = model.ahead(kinds, 26)
        predicted.append(float(((ahead.low[place] <= later) & (later <= ahead.high[place])).mean()))
    return float(np.mean(truth)), float(np.mean(predicted))


@pytest.mark.parametrize("modified", [False, True])
def test_made_customers_are_found_again(modified: bool) -> None:
    again, last, age, later = made(4000, 1, modified=modified)
    kinds, _ = group(again, last, age)
    model = fit_bg_nbd(kinds, modified=modified)
    expected = np.log([0.6, 4.0, 0.8, 2.5])
    found = np.log([model.r, model.alpha, model.a, model.b])
    assert (np.abs(found - expected) < 3.5 * np.sqrt(np.diag(model.covariance))).all()
    ahead = model.ahead(kinds, 26)
    assert later.sum() == pytest.approx(float(kinds.n @ ahead.mean), rel=0.12)


@pytest.mark.long
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held, predicted = covered(2000, 200)
    assert 0.92 <= held <= 0.98
    assert predicted >= 0.95


def test_who_bought_once_is_drawn_to_the_mean() -> None:
    again, _, _, amount = histories()
    spend = fit_gamma_gamma(again[again > 0], amount[again > 0])
    nobody, few, many = spend.amounts([0, 1, 50], [0, 100, 100])
    assert nobody == pytest.approx(spend.mean)
    assert nobody < few < many < 100


def of(model: BgNbd, again: float, last: float, age: float) -> float:
    kinds, _ = group([again], [last], [age])
    return float(model.alive(kinds)[0])


def test_the_longer_somebody_is_silent_the_less_likely_they_are_still_there() -> None:
    kinds, _ = cdnow()
    model = fit_bg_nbd(kinds)
    assert of(model, 0, 0, 39) == 1
    assert of(model, 8, 38, 39) > of(model, 8, 30, 39) > of(model, 8, 10, 39)
    assert of(model, 500, 1, 39) < 1e-9


@pytest.mark.parametrize(
    "wrong",
    [
        ([1.5], [1], [2]),
        ([-1], [0], [2]),
        ([1], [3], [2]),
        ([0], [1], [2]),
        ([1], [-1], [2]),
        ([np.nan], [0], [1]),
    ],
)
def test_a_history_that_cannot_be_is_refused(wrong: tuple[list[float], list[float], list[float]]) -> None:
    with pytest.raises(InvalidInput, match="cannot have bought"):
        group(*wrong)


def test_too_little_is_no_model() -> None:
    with pytest.raises(NotEnoughData, match="Fewer than two"):
        fit_bg_nbd(group([0, 0, 1], [0, 0, 1], [5, 5, 5])[0])
    with pytest.raises(NotEnoughData):
        fit_bg_nbd(group([3, 3, 3, 3], [5, 5, 5, 5], [5, 5, 5, 5])[0])
    with pytest.raises(NotEnoughData, match="differ"):
        fit_gamma_gamma([1, 2, 3], [10, 10, 10])
    with pytest.raises(InvalidInput, match="above 0"):
        fit_gamma_gamma([1, 2], [10, 0])
