"""Pareto/NBD: the published figures, a second implementation, a simulation, and what cannot be told."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from regard.analytics.arrays import Floats
from regard.analytics.buying.histories import Histories, Places, group
from regard.analytics.buying.pareto_nbd import ParetoNbd, _log_parts, fit_pareto_nbd, log_likelihood
from regard.analytics.buying.tests.cdnow import histories
from regard.kernel.errors import NotEnoughData

WEEKS = 7


def cdnow() -> tuple[Histories, Places]:
    again, last, age, _ = histories()
    return group(again, last, age, per=WEEKS)


def of(parameters: tuple[float, float, float, float]) -> ParetoNbd:
    r, alpha, s, beta = parameters
    return ParetoNbd(r, alpha, s, beta, covariance=np.eye(4), log_likelihood=0.0, n=1)


def test_cdnow_gives_the_published_model() -> None:
    found = fit_pareto_nbd(cdnow()[0])
    assert found.parameters == {
        "r": pytest.approx(0.553, abs=5e-4), "alpha": pytest.approx(10.578, abs=2e-3),
        "s": pytest.approx(0.606, abs=5e-4), "beta": pytest.approx(11.669, abs=5e-3),
    }  # fmt: skip
    assert found.log_likelihood == pytest.approx(-9594.98, abs=0.01)


# What lifetimes 0.11.3 gives for CDNOW with these parameters.
def test_sums_over_cdnow_are_those_of_lifetimes() -> None:
    model, (kinds, _) = of((0.553, 10.578, 0.606, 11.669)), cdnow()
    assert float(kinds.n @ model.alive(kinds)) == pytest.approx(1052.237519913909)
    assert float(kinds.n @ model.purchases(kinds, 39)) == pytest.approx(1665.6931606830751)


@pytest.mark.long  # for what the package takes to load
@pytest.mark.parametrize("parameters", [(0.553, 10.578, 0.606, 11.669), (0.7, 6.0, 0.4, 14.0)])
def test_figures_agree_with_lifetimes(parameters: tuple[float, float, float, float]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes import ParetoNBDFitter

        kinds, _ = cdnow()
        few = Histories(kinds.again[::160], kinds.last[::160], kinds.age[::160], kinds.n[::160])
        theirs = ParetoNBDFitter()
        theirs.params_ = dict(zip(("r", "alpha", "s", "beta"), parameters, strict=True))
        alive = theirs.conditional_probability_alive(few.again, few.last, few.age)
        expected = theirs.conditional_expected_number_of_purchases_up_to_time(
            39, few.again, few.last, few.age
        )
        height = theirs._conditional_log_likelihood(np.array(parameters), few.again, few.last, few.age)
    ours = of(parameters)
    np.testing.assert_allclose(ours.alive(few), alive, rtol=1e-6)
    np.testing.assert_allclose(ours.purchases(few, 39), expected, rtol=1e-6)
    assert log_likelihood(np.array(parameters), few) == pytest.approx(float(few.n @ height), rel=1e-9)


@pytest.mark.parametrize("s", [0.606, 1.0, 2.5])
def test_chances_added_up_are_the_expected_purchases(s: float) -> None:
    model, kinds = (
        ParetoNbd(0.553, 10.578, s, 11.669, covariance=np.eye(4), log_likelihood=0.0, n=1),
        cdnow()[0],
    )
    np.testing.assert_allclose(model.ahead(kinds, 39).mean, model.purchases(kinds, 39), rtol=1e-6)


def drawn(
    n: int, seed: int, beyond: float = 0.0, *, weeks: tuple[float, float] = (27, 39)
) -> tuple[Floats, Floats, Floats, Floats]:
    """Customers who buy and leave as the model says: again, last, age in weeks, and purchases `beyond`."""
    random = np.random.default_rng(seed)
    age = random.uniform(*weeks, n)
    rate, leaves = random.gamma(0.55, 1 / 10.0, n), random.exponential(1 / random.gamma(0.6, 1 / 12.0, n))
    again, last, later, now = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    open_ = np.arange(n)
    while len(open_):
        now[open_] += random.exponential(1 / np.maximum(rate[open_], 1e-12))
        open_ = open_[now[open_] <= np.minimum(leaves[open_], age[open_] + beyond)]
        early = open_[now[open_] <= age[open_]]
        again[early] += 1
        last[early] = now[early]
        later[open_[now[open_] > age[open_]]] += 1
    return again, last, age, later


def test_made_customers_are_found_again() -> None:
    again, last, age, later = drawn(4000, 5, 26.0)
    kinds, place = group(again, last, age)
    found = fit_pareto_nbd(kinds)
    errors = np.sqrt(np.diag(found.covariance))
    away = np.log(np.array(list(found.parameters.values())) / [0.55, 10.0, 0.6, 12.0])
    assert (np.abs(away) < 3 * errors).all()
    ahead = found.ahead(kinds, 26.0)
    assert ahead.mean[place].sum() == pytest.approx(later.sum(), rel=0.08)
    inside = (ahead.low[place] <= later) & (later <= ahead.high[place])
    assert inside.mean() > 0.95
    assert ahead.variance[place].sum() == pytest.approx(((later - ahead.mean[place]) ** 2).sum(), rel=0.2)


@pytest.mark.long
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held, refused, truth = [], 0, np.log([0.55, 10.0, 0.6, 12.0])
    for seed in range(80):
        again, last, age, _ = drawn(3000, 100 + seed, weeks=(60, 90))
        days = np.ceil(7 * age)
        try:
            found = fit_pareto_nbd(group(again, np.minimum(np.ceil(7 * last), days), days, per=7)[0])
        except NotEnoughData:
            refused += 1
            continue
        away = np.log(list(found.parameters.values())) - truth
        held.append(np.abs(away) <= 1.96 * np.sqrt(np.diag(found.covariance)))
    shares = np.mean(held, axis=0)
    assert refused <= 2
    # 80 runs scatter by 2.4 percentage points each.
    assert shares.min() > 0.88
    assert abs(shares.mean() - 0.95) < 0.035


@pytest.mark.parametrize(
    "parameters", [(0.45, 2.3, 236.0, 2764.0), (0.5, 900.0, 0.6, 1.5), (90.0, 80.0, 0.5, 3.0)]
)
def test_far_off_parameters_have_a_likelihood(parameters: tuple[float, ...]) -> None:
    kinds = cdnow()[0]
    assert np.isfinite(log_likelihood(np.array(parameters), kinds))
    gone = _log_parts(np.array(parameters), kinds)[1]
    np.testing.assert_allclose(
        gone[:300], [_by_steps(parameters, kinds, place) for place in range(300)], atol=2e-3
    )


def _by_steps(parameters: tuple[float, ...], kinds: Histories, place: int) -> float:
    """The chance of having left at some moment since the last purchase, in many small steps."""
    r, alpha, s, beta = parameters
    x, last, age = kinds.again[place], kinds.last[place], kinds.age[place]
    if age == last:
        return -np.inf
    edges = last + (age - last) * np.linspace(0, 1, 4001) ** 2
    y, wide = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    logs = np.log(s) - (s + 1) * np.log(beta + y) - (r + x) * np.log(alpha + y) + np.log(wide)
    return float(np.logaddexp.reduce(logs))


def test_too_little_is_no_model() -> None:
    with pytest.raises(NotEnoughData, match="Fewer than two"):
        fit_pareto_nbd(group([0, 0, 1], [0, 0, 3], [9, 9, 9])[0])
