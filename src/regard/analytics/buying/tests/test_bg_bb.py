"""BG/BB against the published donors, lifetimes, and customers made as it says."""

from __future__ import annotations

import numpy as np
import pytest

from regard.analytics.arrays import Floats, floats
from regard.analytics.buying.bg_bb import BgBb, fit_bg_bb
from regard.analytics.buying.histories import Histories, group
from regard.analytics.buying.tests.donations import donors
from regard.kernel.errors import InvalidInput, NotEnoughData

TRUTH = (1.2, 0.75, 0.66, 2.8)


def made(n: int, seed: int, periods: int = 12, later: int = 5) -> tuple[Floats, Floats, Floats, Floats]:
    """Customers who buy and leave as the model says, joined at different times: again, last, age, and bought later."""
    random = np.random.default_rng(seed)
    alpha, beta, gamma, delta = TRUTH
    age = random.integers(periods // 2, periods + 1, n)
    buys, leaves = random.beta(alpha, beta, n)[:, None], random.beta(gamma, delta, n)
    lived = random.geometric(np.maximum(leaves, 1e-12)) - 1
    at = np.arange(1, periods + later + 1)
    bought = (random.random((n, len(at))) < buys) & (at <= lived[:, None])
    seen = bought & (at <= age[:, None])
    after = bought & (at > age[:, None]) & (at <= age[:, None] + later)
    return floats(seen.sum(1)), floats((seen * at).max(1)), floats(age), floats(after.sum(1))


def test_donors_give_the_published_model() -> None:
    model = fit_bg_bb(donors())
    assert model.n == 11_104
    assert list(model.parameters) == ["alpha", "beta", "gamma", "delta"]
    assert list(model.parameters.values()) == pytest.approx([1.204, 0.750, 0.657, 2.783], abs=5e-4)
    assert model.log_likelihood == pytest.approx(-33_225.6, abs=0.05)


# Expected gifts in 2002 to 2006: who never gave again, who gave in 2001 alone, and who gave every year.
def test_donors_give_the_published_expectations() -> None:
    model, kinds = fit_bg_bb(donors()), donors()
    expected = dict(
        zip(zip(kinds.again, kinds.last, strict=True), model.purchases(kinds, 5).round(2), strict=True)
    )
    assert (expected[0, 0], expected[1, 6], expected[6, 6]) == (0.07, 1.15, 3.75)


@pytest.mark.long
def test_donors_agree_with_lifetimes() -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas as pd
        from lifetimes import BetaGeoBetaBinomFitter
    model, kinds = fit_bg_bb(donors()), donors()
    peer = BetaGeoBetaBinomFitter()
    peer.params_ = pd.Series(model.parameters)
    given = [column.astype(int) for column in (kinds.again, kinds.last, kinds.age)]
    theirs = peer.conditional_expected_number_of_purchases_up_to_time(5, *given)
    assert model.purchases(kinds, 5) == pytest.approx(np.asarray(theirs), abs=1e-9)
    assert model.alive(kinds) == pytest.approx(
        np.asarray(peer.conditional_probability_alive(1, *given)), abs=1e-9
    )


def test_chances_added_up_are_the_expected_purchases() -> None:
    model, kinds = fit_bg_bb(donors()), donors()
    ahead = model.ahead(kinds, 7)
    assert ahead.mean == pytest.approx(model.purchases(kinds, 7), abs=1e-12)
    assert (ahead.low <= ahead.mean).all()
    assert (ahead.mean <= ahead.high).all()
    assert model.ahead(kinds, 0).mean.max() == pytest.approx(0)


def test_the_slope_is_that_of_the_height() -> None:
    from scipy.optimize import approx_fprime

    from regard.analytics.buying.bg_bb import _Likelihood

    again, last, age, _ = made(200, 3)
    likelihood, at = _Likelihood(group(again, last, age)[0]), np.log(TRUTH)
    steps = approx_fprime(at, lambda logs: likelihood(floats(logs))[0], 1e-7)
    assert likelihood(floats(at))[1] == pytest.approx(steps, rel=1e-4, abs=1e-3)


def held(n: int, runs: int) -> tuple[Floats, float]:
    """How often the intervals of the four parameters hold the truth, and those of customers what they bought."""
    truth, predicted = [], []
    for seed in range(runs):
        again, last, age, later = made(n, seed)
        kinds, place = group(again, last, age)
        model = fit_bg_bb(kinds)
        reach = 1.96 * np.sqrt(np.diag(model.covariance))
        truth.append(np.abs(np.log(list(model.parameters.values())) - np.log(TRUTH)) <= reach)
        ahead = model.ahead(kinds, 5)
        predicted.append(float(((ahead.low[place] <= later) & (later <= ahead.high[place])).mean()))
    return floats(np.mean(truth, axis=0)), float(np.mean(predicted))


def test_made_customers_are_found_again() -> None:
    again, last, age, later = made(5_000, 1)
    kinds, _ = group(again, last, age)
    model = fit_bg_bb(kinds)
    away = np.log(list(model.parameters.values())) - np.log(TRUTH)
    assert (np.abs(away) < 3.5 * np.sqrt(np.diag(model.covariance))).all()
    assert later.sum() == pytest.approx(float(kinds.n @ model.purchases(kinds, 5)), rel=0.05)


@pytest.mark.long
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    truth, predicted = held(3_000, 400)
    assert (truth >= 0.92).all()
    assert truth.mean() == pytest.approx(0.95, abs=0.015)
    assert predicted >= 0.95


@pytest.mark.parametrize(
    ("history", "refusal", "said"),
    [
        (([2, 1], [1, 1], [3, 3]), InvalidInput, "one purchase in each"),
        (([1, 1], [1.5, 1], [3, 3]), InvalidInput, "whole periods"),
        (([1, 1], [1, 600], [3, 600]), InvalidInput, "600 periods"),
        (([1, 0], [1, 0], [3, 3]), NotEnoughData, "Fewer than two"),
        (([3, 3, 3], [3, 3, 3], [3, 3, 3]), NotEnoughData, "fit no model"),
    ],
)
def test_histories_without_an_answer_are_refused(
    history: tuple[list[float], list[float], list[float]], refusal: type[Exception], said: str
) -> None:
    again, last, age = (np.array(one, dtype=float) for one in history)
    with pytest.raises(refusal, match=said):
        fit_bg_bb(Histories(again, last, age, np.ones(len(again))))


def test_a_horizon_is_whole_periods() -> None:
    model = BgBb(*TRUTH, covariance=np.eye(4), log_likelihood=0.0, n=1)
    with pytest.raises(InvalidInput, match="whole periods"):
        model.purchases(donors(), 1.5)
