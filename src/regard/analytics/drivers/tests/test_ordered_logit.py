"""The ordered logit beside statsmodels', and against simulated truth."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from regard.analytics.arrays import Floats
from regard.analytics.drivers.ordered_logit import ordered_effects
from regard.kernel.errors import InvalidInput, NotEnoughData

SLOPES = np.array([1.0, -0.5, 0.0])
CUTS = np.array([-1.0, 0.5, 2.0])


def made(n: int, seed: int) -> tuple[Floats, Floats]:
    generator = np.random.default_rng(seed)
    x = generator.normal(3.0, 1.5, size=(n, 3))
    hidden = (x - 3) @ SLOPES + generator.logistic(size=n)
    return x, 1.0 + (hidden[:, None] > CUTS).sum(axis=1)


def test_statsmodels_finds_the_same() -> None:
    x, y = made(500, 1)
    found = ordered_effects(x, y)
    theirs = OrderedModel(y.astype(int), x, distr="logit").fit(method="newton", disp=False, maxiter=200)
    assert found.coefficients == pytest.approx(theirs.params[:3], rel=1e-5, abs=1e-6)
    assert found.se == pytest.approx(theirs.bse[:3], rel=1e-3)
    assert found.log_likelihood == pytest.approx(theirs.llf, abs=1e-6)
    assert found.thresholds == pytest.approx(
        theirs.model.transform_threshold_params(theirs.params)[1:-1], abs=1e-4
    )


def test_an_effect_is_what_one_unit_more_adds_to_the_chance_of_each_answer() -> None:
    x, y = made(400, 2)
    found = ordered_effects(x, y)

    def chances(at: Floats) -> Floats:
        below = 1 / (1 + np.exp(-(found.thresholds - (at @ found.coefficients)[:, None])))
        found_chances: Floats = np.diff(
            np.column_stack((np.zeros(len(at)), below, np.ones(len(at)))), axis=1
        ).mean(axis=0)
        return found_chances

    for driver in range(3):
        step = 1e-5 * np.eye(3)[driver]
        assert found.effects[driver] == pytest.approx(
            (chances(x + step) - chances(x - step)) / 2e-5, abs=1e-7
        )
    assert found.effects.sum(axis=1) == pytest.approx(0, abs=1e-12)
    assert found.mean == pytest.approx(found.effects @ [1, 2, 3, 4])


def test_intervals_hold_the_truth_and_five_equal_rows_of_a_customer_tell_no_more_than_one() -> None:
    truth = ordered_effects(*made(200_000, 3)).top
    hits = np.zeros(3)
    for seed in range(40):
        found = ordered_effects(*made(250, 100 + seed))
        hits += (found.low <= truth) & (truth <= found.high)
    assert hits.mean() > 0.87 * 40
    x, y = made(200, 4)
    once = ordered_effects(x, y, customers=np.arange(200))
    five = ordered_effects(np.repeat(x, 5, axis=0), np.repeat(y, 5), customers=np.repeat(np.arange(200), 5))
    assert five.low == pytest.approx(once.low, abs=1e-6)
    assert once.low == pytest.approx(ordered_effects(x, y).low, abs=0.02)


def test_what_has_no_ordered_answer_is_refused() -> None:
    x, y = made(100, 5)
    with pytest.raises(InvalidInput, match="2 to 20 different answers"):
        ordered_effects(x, x[:, 0])
    with pytest.raises(InvalidInput, match="apart without fail"):
        ordered_effects(np.column_stack((x, y)), y)
    with pytest.raises(NotEnoughData, match="6 complete rows"):
        ordered_effects(x[:6], np.array([1, 2, 3, 4, 1, 2]))
