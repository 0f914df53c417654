"""Traits of customers: exact cases, grouping, and customers made with known effects."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta, gamma

from regard.analytics.arrays import Floats, floats
from regard.analytics.buying.bg_nbd import fit_bg_nbd, log_likelihoods
from regard.analytics.buying.histories import Histories, group
from regard.analytics.buying.pareto_nbd import fit_pareto_nbd
from regard.analytics.buying.tests.cdnow import histories
from regard.analytics.buying.with_traits import WithTraits, fit_with_traits
from regard.kernel.errors import InvalidInput

SLOW = pytest.param("pareto-nbd", marks=pytest.mark.long)


def twice(pace: float) -> Histories:
    """CDNOW's customers, and each of them once more in time that runs so much faster, with a trait that tells these."""
    again, last, age, _ = histories()
    traits = np.repeat([0.0, 1.0], len(again))[:, None]
    return group(
        np.tile(again, 2),
        np.r_[last, last / pace] / 7,
        np.r_[age, age / pace] / 7,
        traits=traits,
    )[0]


def fitted(kinds: Histories, name: str = "bg-nbd") -> WithTraits:
    without = fit_pareto_nbd(kinds) if name == "pareto-nbd" else fit_bg_nbd(kinds, modified=name == "mbg-nbd")
    return fit_with_traits(kinds, without)


@pytest.mark.parametrize("name", ["bg-nbd", "mbg-nbd", SLOW])
def test_time_that_runs_twice_as_fast_doubles_the_rates_and_nothing_else(name: str) -> None:
    again, last, age, _ = histories()
    alone = group(again, last, age, per=7)[0]
    plain = fit_pareto_nbd(alone) if name == "pareto-nbd" else fit_bg_nbd(alone, modified=name == "mbg-nbd")
    found = fitted(twice(2.0), name)
    assert found.parameters == pytest.approx(plain.parameters, rel=1e-4)
    assert float(found.buying[0]) == pytest.approx(np.log(2), abs=1e-5)
    assert float(found.leaving[0]) == pytest.approx(np.log(2) if name == "pareto-nbd" else 0, abs=1e-4)
    shift = float(alone.n @ alone.again) * np.log(2)
    assert found.log_likelihood == pytest.approx(2 * plain.log_likelihood + shift, abs=1e-3)


@pytest.mark.parametrize("name", ["bg-nbd", SLOW])
def test_a_trait_that_says_nothing_changes_nothing(name: str) -> None:
    kinds = twice(1.0)
    plain = fit_pareto_nbd(kinds) if name == "pareto-nbd" else fit_bg_nbd(kinds)
    found = fit_with_traits(kinds, plain)
    assert np.abs([found.buying, found.leaving]).max() < 1e-4
    for of in ("alive", "purchases"):
        given = (kinds,) if of == "alive" else (kinds, 20.0)
        assert getattr(found, of)(*given) == pytest.approx(getattr(plain, of)(*given), rel=1e-3, abs=1e-6)
    ahead = found.ahead(kinds, 20.0)
    assert ahead.mean == pytest.approx(found.purchases(kinds, 20.0), abs=1e-8)


@pytest.mark.parametrize("name", ["bg-nbd", SLOW])
def test_all_can_be_taken_to_leave_alike(name: str) -> None:
    kinds = twice(2.0)
    plain = fit_pareto_nbd(kinds) if name == "pareto-nbd" else fit_bg_nbd(kinds)
    found = fit_with_traits(kinds, plain, leave_alike=True)
    assert (len(found.leaving), found.covariance.shape) == (0, (5, 5))
    assert float(found.buying[0]) == pytest.approx(np.log(2), abs=1e-3 if name == "bg-nbd" else 0.2)
    assert found.moved(found.at).purchases(kinds, 9.0) == pytest.approx(found.purchases(kinds, 9.0))
    assert plain.log_likelihood < found.log_likelihood <= fit_with_traits(kinds, plain).log_likelihood + 1e-6


def test_the_likelihood_of_single_kinds_adds_up_to_that_of_all() -> None:
    again, last, age, _ = histories()
    kinds, _ = group(again, last, age, per=7)
    for modified in (False, True):
        model = fit_bg_nbd(kinds, modified=modified)
        alone = log_likelihoods(list(model.parameters.values()), kinds, modified=modified)
        assert float(kinds.n @ alone) == pytest.approx(model.log_likelihood, abs=1e-6)


def made(n: int, seed: int) -> Histories:
    """Customers who buy and leave as the model says; the first trait makes buying faster, the second leaving likelier."""
    random = np.random.default_rng(seed)
    traits = np.column_stack([random.integers(0, 2, n).astype(float), random.normal(size=n).round(1)])
    age = random.uniform(30, 60, n)
    rate = random.gamma(0.8, 1 / 4.0, n) * np.exp(0.6 * traits[:, 0])
    leaves = random.beta(0.8 * np.exp(0.5 * traits[:, 1]), 2.5, n)
    again, last = np.zeros(n), np.zeros(n)
    now, here = random.exponential(1 / rate), np.ones(n, dtype=bool)
    while (here := here & (now <= age)).any():
        again[here] += 1
        last[here] = now[here]
        here = here & (random.random(n) >= leaves)
        now = now + random.exponential(1 / rate)
    return group(again, last, age, traits=traits)[0]


def held(n: int, runs: int) -> Floats:
    """How often the intervals of the four effects hold the truth."""
    found = []
    for seed in range(runs):
        model = fitted(made(n, seed))
        effects = np.r_[model.buying, model.leaving]
        reach = 1.96 * np.sqrt(np.diag(model.covariance))[4:]
        found.append(np.abs(effects - [0.6, 0.0, 0.0, 0.5]) <= reach)
    return floats(np.mean(found, axis=0))


def test_made_effects_are_found_again() -> None:
    assert held(1_000, 1).mean() >= 0.75


@pytest.mark.long
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    truth = held(1_500, 200)
    assert (truth >= 0.915).all()
    assert truth.mean() == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("modified", [False, True])
def test_the_likelihood_is_that_of_single_customers_integrated_over_all(modified: bool) -> None:
    """Each customer has a rate (gamma) and a chance to leave (beta), moved by their traits; both are summed over a grid."""
    kinds = made(400, 5)
    traits = kinds.traits
    assert traits is not None
    model = fit_with_traits(kinds, fit_bg_nbd(kinds, modified=modified))
    r, alpha, a, b = model.parameters.values()
    rates = np.exp(np.linspace(-40, 6, 1500))
    odds = np.linspace(-400, 40, 5000)
    chances, stays = 1 / (1 + np.exp(-odds)), 1 / (1 + np.exp(odds))
    total = 0.0
    for n, x, last, age, own in zip(kinds.n, kinds.again, kinds.last, kinds.age, traits, strict=True):
        scale, leaves = alpha * np.exp(-own @ model.buying), a * np.exp(own @ model.leaving)
        rate = gamma.pdf(rates, r, scale=1 / scale) * rates**x * rates * np.log(rates[1] / rates[0])
        chance = beta.pdf(chances, leaves, b) * chances * stays * (odds[1] - odds[0])
        times = x + 1 if modified else x
        here = (chance * stays**times).sum() * (rate * np.exp(-rates * age)).sum()
        gone = (chance * chances * stays ** (times - 1)).sum() * (rate * np.exp(-rates * last)).sum()
        total += n * np.log(here + (gone if times else 0.0))
    assert model.log_likelihood == pytest.approx(total, abs=1e-3)


def test_traits_that_say_the_same_are_refused() -> None:
    again, last, age, _ = histories()
    traits = np.arange(len(again), dtype=float)[:, None] % 3
    kinds, _ = group(again, last, age, per=7, traits=np.hstack([traits, 2 * traits + 1]))
    with pytest.raises(InvalidInput, match="say the same"):
        fitted(kinds)
