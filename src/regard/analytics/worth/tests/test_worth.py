"""Figures of groups: the worked example, second ways to them, and how often their intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from regard.analytics.arrays import Floats, floats
from regard.analytics.worth.behaviour import Behaviour, Entries, behaviour
from regard.analytics.worth.figures import Worth, worth
from regard.analytics.worth.matching import matched_weights


def made(random: np.random.Generator, n: int, margin: float, stay: float, seen: int = 3) -> Behaviour:
    """Customers who buy in period 0 and go on with a chance, each bringing about `margin` a period."""
    lasts = np.minimum(random.geometric(1 - stay, n), seen).astype(np.float64)
    brings = random.gamma(4.0, margin / 4.0, n)
    return Behaviour(
        active=lasts,
        margin=lasts * brings,
        could_stay=np.minimum(lasts, seen - 1),
        stayed=lasts - 1,
        again=lasts > 1,
        spend=np.where(lasts > 1, brings, 0.0),
        cost=np.zeros(n),
        spend_before=brings,
    )


def figures(of: Behaviour, weights: Floats | None = None) -> Worth:
    found = worth(of, np.ones(len(of)) if weights is None else weights, 0.10)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("margin", "stay", "at_once", "after"), [(150, 92, 917, 767), (120, 82, 471, 351), (80, 60, 176, 96)]
)
def test_the_worked_values(margin: float, stay: int, at_once: int, after: int) -> None:
    stays = (np.arange(100) < stay).astype(np.float64)
    of = Behaviour(
        active=1 + stays, margin=margin * (1 + stays), could_stay=np.ones(100), stayed=stays, again=stays > 0,
        spend=margin * stays, cost=np.zeros(100), spend_before=np.full(100, margin),
    )  # fmt: skip
    found = figures(of)
    assert (found.margin.value, found.retention.value) == (pytest.approx(margin), stay / 100)
    assert round(found.value.value) == at_once
    assert round(found.value_after.value) == after
    assert found.value_after.value == pytest.approx(found.value.value - margin)


def test_periods_are_counted_from_each_moment() -> None:
    moments = np.array([100, 50])
    rows = [
        (0, 91, 5.0),
        (0, 100, 7.0),
        (0, 101, 1.0),
        (0, 110, 2.0),
        (0, 111, 9.0),
        (0, 90, 99.0),
        (1, 71, 4.0),
    ]
    entries = Entries(
        customer=np.array([who for who, _, _ in rows]), day=np.array([day for _, day, _ in rows]),
        amount=np.array([paid for *_, paid in rows]), cost=np.full(len(rows), 0.5), is_purchase=np.ones(len(rows), dtype=bool),
    )  # fmt: skip
    found = behaviour(entries, moments, 119, 10, margin=0.5)
    # Of the first, two whole periods are seen: 91 to 100 and 101 to 110; of the second, seven.
    assert list(found.active) == [2, 1]
    assert list(found.could_stay) == [1, 1]
    assert list(found.stayed) == [1, 0]
    assert (found.spend[0], found.spend_before[0], found.cost[0]) == (3.0, 12.0, 1.0)
    assert found.margin[0] == pytest.approx(0.5 * 15 - 2.0)


def test_a_share_is_sure_as_a_model_for_repeated_answers_says() -> None:
    of = made(np.random.default_rng(2), 4000, 100, 0.8)
    stayed, could = of.stayed.astype(int), of.could_stay.astype(int)
    who = np.repeat(np.arange(4000), could)
    hits = np.concatenate([[1] * s + [0] * (c - s) for s, c in zip(stayed, could, strict=True)])
    theirs = sm.OLS(hits, np.ones(len(hits))).fit(cov_type="cluster", cov_kwds={"groups": who})
    low, high = theirs.conf_int()[0]
    found = figures(of).retention
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_matching_makes_groups_alike() -> None:
    random = np.random.default_rng(3)
    groups = random.integers(0, 3, 3000)
    tenure, spend = random.gamma(2 + groups, 100.0), random.gamma(2.0, 30.0 - 5 * groups)
    weights = matched_weights(groups, [floats(tenure), floats(spend)])
    raw = [tenure[groups == one].mean() for one in range(3)]
    alike = [np.average(tenure[groups == one], weights=weights[groups == one]) for one in range(3)]
    assert np.ptp(alike) < 0.15 * np.ptp(raw)
    whole = [weights[groups == one].sum() for one in range(3)]
    assert whole == pytest.approx([whole[0]] * 3)


def test_what_comes_from_tenure_alone_goes_away_by_matching() -> None:
    random = np.random.default_rng(4)
    old = random.random(20_000) < 0.5
    groups = np.where(random.random(20_000) < np.where(old, 0.8, 0.2), 0, 1)
    some, more = made(random, 20_000, 100, 0.6), made(random, 20_000, 200, 0.8)
    of = Behaviour(*(np.where(old, getattr(more, name), getattr(some, name)) for name in Behaviour.__slots__))
    weights = matched_weights(groups, [floats(1000.0 * old)])
    raw = [figures(of.at(groups == one)).value.value for one in (0, 1)]
    alike = [figures(of.at(groups == one), weights[groups == one]).value.value for one in (0, 1)]
    assert raw[0] > 1.5 * raw[1]
    assert alike[0] == pytest.approx(alike[1], rel=0.05)


def test_few_customers_have_no_figures() -> None:
    assert worth(made(np.random.default_rng(5), 4, 100, 0.8), np.ones(4), 0.1) is None


def held(n: int, runs: int, stay: float) -> Floats:
    random, truth = np.random.default_rng(6), [100.0, stay, 110 / (1.1 - stay), 100 * stay / (1.1 - stay)]
    found = []
    for _ in range(runs):
        of = figures(made(random, n, 100, stay))
        told = (of.margin, of.retention, of.value, of.value_after)
        found.append(
            [(one.low or 0) <= true <= (one.high or 0) for one, true in zip(told, truth, strict=True)]
        )
    return floats(np.mean(found, axis=0))


def test_intervals_hold_the_truth_in_a_few_runs() -> None:
    assert held(200, 150, 0.8).min() > 0.88


@pytest.mark.long
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    shares = np.array([held(n, 600, stay) for n in (60, 200, 1000) for stay in (0.6, 0.8, 0.92)])
    assert shares.min() > 0.92
    assert abs(shares.mean() - 0.95) < 0.015
