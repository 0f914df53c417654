"""Chances judged as scikit-learn, statsmodels and scikit-uplift judge them, and by simulated truth."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.metrics import brier_score_loss, roc_auc_score

from regard.analytics.arrays import Floats
from regard.analytics.predicting.columns import Column, learn_encoding, words_column
from regard.analytics.predicting.drift import drift_of
from regard.analytics.predicting.judging import auc, auc_difference, auc_estimate, brier, reliability
from regard.analytics.predicting.logistic import fit_logistic, logistic
from regard.kernel.errors import NotEnoughData


def foretold(n: int, seed: int) -> tuple[Floats, Floats]:
    """True chances and what came of them."""
    generator = np.random.default_rng(seed)
    chance = logistic(generator.normal(-1, 1.2, n))
    return chance, (generator.random(n) < chance).astype(np.float64)


def test_auc_and_brier_are_those_of_scikit_learn_with_ties() -> None:
    chance, outcome = foretold(500, 1)
    chance = chance.round(1)
    assert auc(chance, outcome) == pytest.approx(roc_auc_score(outcome, chance))
    assert brier(chance, outcome)[0] == pytest.approx(brier_score_loss(outcome, chance))


def test_a_logistic_regression_is_that_of_statsmodels() -> None:
    generator = np.random.default_rng(2)
    x = generator.normal(size=(300, 3))
    y = (generator.random(300) < logistic(x @ [1, -0.5, 0.0] - 0.7)).astype(np.float64)
    found, other = fit_logistic(x, y, ridge=0.0), sm.Logit(y, sm.add_constant(x)).fit(disp=0)
    assert [found.intercept, *found.slopes] == pytest.approx(other.params, abs=1e-6)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(other.bse, rel=1e-5)


def test_groups_that_are_told_apart_without_fail_are_refused_without_a_ridge() -> None:
    x = np.arange(20.0)[:, None]
    with pytest.raises(NotEnoughData, match=r"without fail|no end"):
        fit_logistic(x - 9.5, x[:, 0] > 9, ridge=0.0)
    assert fit_logistic(x - 9.5, x[:, 0] > 9, ridge=1.0).slopes[0] > 0


def test_true_chances_are_found_reliable_and_overbold_ones_are_not() -> None:
    chance, outcome = foretold(4000, 3)
    told = reliability(chance, outcome)
    assert told.slope_low < 1 < told.slope_high
    assert told.error < 0.03
    bold = reliability(logistic(2 * np.log(chance / (1 - chance))), outcome)
    assert bold.slope_high < 0.8
    assert bold.error > 0.05


def auc_covered(runs: int, n: int) -> float:
    """How often the interval holds the AUC of ten million."""
    generator = np.random.default_rng(11)
    truth = 0.5 * (1 + 0.5204998778)  # two normals one apart: Phi(1 / sqrt(2))
    inside = 0
    for _ in range(runs):
        y = (np.arange(n) < n * 0.3).astype(np.float64)
        _, low, high = auc_estimate(generator.normal(size=n) + y, y)
        inside += low <= truth <= high
    return inside / runs


def test_the_interval_of_an_auc_holds_the_truth_in_a_few_runs() -> None:
    assert auc_covered(200, 200) > 0.91


@pytest.mark.long
@pytest.mark.parametrize("n", [60, 200, 1000])
def test_the_interval_of_an_auc_holds_the_truth_nineteen_times_in_twenty(n: int) -> None:
    assert 0.935 <= auc_covered(4000, n) <= 0.968


def slope_covered(
    runs: int, n: int, *, slope: float, spread: float, mean: float, heavy: bool = False
) -> float:
    """How often the interval holds the slope by which what is foretold is too bold or too cautious."""
    inside = told = 0
    for run in range(runs):
        generator = np.random.default_rng(1000 + run)
        drawn = generator.standard_t(3, n) if heavy else generator.normal(size=n)
        foretold = mean + spread * drawn
        outcome = (generator.random(n) < logistic(slope * foretold + 0.3 * (slope != 1))).astype(np.float64)
        if _is_apart(foretold, outcome):
            continue
        found = reliability(logistic(foretold), outcome)
        inside += found.slope_low <= slope <= found.slope_high
        told += 1
    assert told > 0.95 * runs
    return inside / told


def _is_apart(score: Floats, outcome: Floats) -> bool:
    """Whether a threshold tells all yeses from all noes, so that there is no slope and it is refused."""
    yes, no = score[outcome > 0], score[outcome <= 0]
    return not len(yes) or not len(no) or yes.min() > no.max() or yes.max() < no.min()


def bent_slope_covered(runs: int, n: int, mean: float) -> float:
    """The same where no line is right, so that the slope is the one that comes nearest for a million customers."""
    generator = np.random.default_rng(3)

    def drawn(many: int) -> tuple[Floats, Floats]:
        away = generator.normal(size=many)
        true = logistic(mean + np.where(away > 0, 1.5, 0.6) * away)
        return logistic(mean + away), (generator.random(many) < true).astype(np.float64)

    truth = reliability(*drawn(1_000_000)).slope
    found = [reliability(*drawn(n)) for _ in range(runs)]
    return float(np.mean([one.slope_low <= truth <= one.slope_high for one in found]))


def test_the_interval_of_a_calibration_slope_holds_the_truth_in_a_few_runs() -> None:
    assert slope_covered(250, 200, slope=1.0, spread=1.0, mean=-1.0) > 0.91
    assert slope_covered(250, 200, slope=0.5, spread=2.0, mean=-1.0) > 0.91


@pytest.mark.long
@pytest.mark.parametrize("n", [60, 200, 1000])
def test_the_interval_of_a_calibration_slope_holds_the_truth_nineteen_times_in_twenty(n: int) -> None:
    rates = {
        (slope, spread, mean, heavy): slope_covered(700, n, slope=slope, spread=spread, mean=mean, heavy=heavy)
        for slope, spread, heavy in ((1, 1, False), (1, 0.4, False), (0.5, 2, False), (1.6, 0.6, False), (1, 1, True))
        for mean in (-0.5, -2.0)
    }  # fmt: skip
    rates |= {(0.0, 0.0, mean, False): bent_slope_covered(700, n, mean) for mean in (-0.5, -1.5)}
    assert min(rates.values()) >= 0.92, rates
    assert 0.935 <= np.mean(list(rates.values())) <= 0.965, rates


def test_two_scores_that_are_alike_differ_once_in_twenty() -> None:
    generator = np.random.default_rng(6)
    p = []
    for _ in range(300):
        y = (generator.random(150) < 0.4).astype(np.float64)
        shared = generator.normal(size=150) + y
        one, other = (shared + generator.normal(size=150) for _ in range(2))
        p.append(auc_difference(one, other, y)[2])
    assert 0.02 < np.mean(np.array(p) < 0.05) < 0.09


def test_a_curve_is_straight_beyond_its_outer_knots() -> None:
    generator = np.random.default_rng(1)
    column = Column("a", numbers=generator.normal(size=500))
    encoding = learn_encoding([column], curved=True)
    far = encoding.matrix([Column("a", numbers=np.array([10.0, 11.0, 12.0]))])
    assert np.diff(far, 2, axis=0) == pytest.approx(np.zeros((1, far.shape[1])), abs=1e-6)


def test_rare_new_and_missing_words_have_a_place() -> None:
    learnt = words_column("a", ["x"] * 20 + ["y"] * 20 + ["z"] + [None] * 12)
    encoding = learn_encoding([learnt])
    assert encoding.matrix([learnt]).shape == (53, 3)
    new = words_column("a", ["x", "never seen"], learnt.levels)
    assert len(np.unique(encoding.matrix([new]), axis=0)) == 2


def test_drift_is_seen_where_it_is_and_not_where_it_is_not() -> None:
    generator = np.random.default_rng(4)
    old = Column("a", numbers=generator.normal(size=2000))
    same = drift_of(old, Column("a", numbers=generator.normal(size=500)))
    moved = drift_of(old, Column("a", numbers=generator.normal(0.8, 1, 500)))
    assert (same.psi < 0.1, same.p > 0.01) == (True, True)
    assert (moved.psi > 0.25, moved.p < 1e-6) == (True, True)
    words = words_column("b", ["x", "y"] * 100)
    assert drift_of(words, words_column("b", ["new"] * 50, words.levels)).psi > 1


def test_drift_is_called_one_time_in_twenty_where_nothing_moved() -> None:
    generator = np.random.default_rng(7)
    p = [
        drift_of(
            Column("a", numbers=generator.normal(size=400)), Column("a", numbers=generator.normal(size=300))
        ).p
        for _ in range(300)
    ]
    assert 0.02 < np.mean(np.array(p) < 0.05) < 0.09
