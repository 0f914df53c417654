"""Effects against the National Supported Work sample, three other packages, and worlds with a known effect."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import statsmodels.api as sm

from regard.analytics.arrays import critical
from regard.analytics.effects.given import EVERYBODY, THE_TREATED, Effect, Rows, rows_of
from regard.analytics.effects.matching import by_matching
from regard.analytics.effects.overlap import overlap_of, standardised_differences
from regard.analytics.effects.regression import (
    by_interactions,
    by_regression,
    design,
    difference_in_means,
    least_squares,
)
from regard.analytics.effects.sensitivity import e_value, hidden_confounder, of_ratio, placebo_p, robustness
from regard.analytics.effects.tests.simulated import (
    TRUE,
    confounded,
    national_supported_work,
    true_share_effect,
)
from regard.analytics.effects.weighting import TREES, by_weighting, cross_fitted, doubly_robust, weights
from regard.kernel.errors import InvalidInput, NotEnoughData

Way = Callable[[Rows], Effect]
WAYS: dict[str, Way] = {
    "regression": lambda rows: by_regression(rows)[0],
    "interactions": by_interactions,
    "weighting": lambda rows: by_weighting(rows, overlap_of(rows)),
    "doubly robust": lambda rows: doubly_robust(rows, cuts=1),
    "weighting, treated": lambda rows: by_weighting(rows, overlap_of(rows), target=THE_TREATED),
    "doubly robust, treated": lambda rows: doubly_robust(rows, cuts=1, target=THE_TREATED),
    "matching": lambda rows: by_matching(rows).effect,
}


def test_training_added_what_dehejia_and_wahba_publish() -> None:
    rows = national_supported_work()
    assert (len(rows), rows.treatment.sum()) == (445, 185)
    assert difference_in_means(rows).value == pytest.approx(1794, abs=0.5)
    found, classical = by_regression(rows)
    assert (found.value, classical, found.se) == pytest.approx((1676, 639, 677), abs=0.5)


def test_errors_are_those_of_statsmodels() -> None:
    rows = confounded(80, 3)
    fitted = sm.OLS(rows.outcome, design(rows)).fit()
    found = least_squares(design(rows), rows.outcome)
    assert found.coefficients == pytest.approx(fitted.params)
    assert np.sqrt(np.diag(found.classical)) == pytest.approx(fitted.bse)
    assert np.sqrt(np.diag(found.robust)) == pytest.approx(fitted.HC2_se)
    groups = np.arange(80) // 4
    clustered = sm.OLS(rows.outcome, design(rows)).fit(cov_type="cluster", cov_kwds={"groups": groups})
    assert np.sqrt(
        np.diag(least_squares(design(rows), rows.outcome, clusters=groups).robust)
    ) == pytest.approx(clustered.bse)


def test_the_doubly_robust_effect_is_that_of_doubleml() -> None:
    """DoubleMLIRM 0.11.4 with the same folds, linear and logistic (C 10) regressions, in an environment of its own."""
    rows = national_supported_work()
    fold = np.arange(445) % 5
    once = np.sqrt(445 / 444)
    assert cross_fitted(rows, fold) == pytest.approx((1549.55674263, 690.19161263 * once), abs=1e-3)
    assert cross_fitted(rows, fold, target=THE_TREATED) == pytest.approx(
        (1809.54689958, 683.11111495 * once), abs=1e-3
    )


def test_weights_are_those_of_chances_by_statsmodels() -> None:
    rows = confounded(300, 6)
    chance = sm.Logit(rows.treatment, np.column_stack((np.ones(300), rows.confounders))).fit(disp=0).predict()
    sides = [
        np.average(rows.outcome, weights=one)
        for one in (rows.treatment / chance, (1 - rows.treatment) / (1 - chance))
    ]
    assert by_weighting(rows, overlap_of(rows)).value == pytest.approx(sides[0] - sides[1], abs=1e-6)


def test_what_something_hidden_would_leave_is_what_sensemakr_says() -> None:
    """PySensemakr's bounds for the strongest confounder (schooling), asked in an environment of its own."""
    found = hidden_confounder(national_supported_work())
    assert (found.strongest, found.as_strong) == ("educ", pytest.approx(1623.246576007308))
    reach = float(critical(0.95, 434))
    assert found.as_strong_high - found.as_strong == pytest.approx(reach * 637.9012645480572)


def test_robustness_is_that_of_the_published_example() -> None:
    """Attitudes to peace in Darfur, Cinelli and Hazlett (2020): 13.9%, and 7.6% to lose significance."""
    strength = 4.18445 / np.sqrt(783)
    assert robustness(strength) == pytest.approx(0.139, abs=5e-4)
    assert robustness(strength - float(critical(0.95, 782)) / np.sqrt(782)) == pytest.approx(0.076, abs=5e-4)
    assert robustness(-0.1) == 0.0


def test_an_e_value_is_that_of_the_published_example() -> None:
    """Breast feeding and infants' deaths, VanderWeele and Ding (2017): a ratio of 3.9 (1.8) has 7.26 (3.0)."""
    assert (of_ratio(3.9), of_ratio(1.8), of_ratio(1 / 3.9)) == pytest.approx((7.26, 3.0, 7.26), abs=5e-3)


def test_a_hidden_confounder_as_strong_as_the_robustness_value_would_take_all() -> None:
    rows = confounded(4000, 5, effect=0.3)
    robust = hidden_confounder(rows).robustness
    whole = design(rows)
    base = np.delete(whole, 1, axis=1)
    turn = np.linalg.qr(base)[0]
    t, y = (part - turn @ (turn.T @ part) for part in (rows.treatment, rows.outcome))
    y_left = y - t * (t @ y) / (t @ t)
    noise = np.random.default_rng(1).normal(size=len(rows))
    noise -= (
        np.column_stack((base, t, y)) @ np.linalg.lstsq(np.column_stack((base, t, y)), noise, rcond=None)[0]
    )
    t1, y1, n1 = (part / np.linalg.norm(part) for part in (t, y_left, noise))
    # Of what is left of the treatment, and of the outcome beyond it, this explains just that share.
    slope = np.sqrt(robust / (1 - robust))
    hidden = slope * t1 + np.sqrt(robust) * y1 + np.sqrt(1 - robust) * n1
    fitted = least_squares(np.column_stack((whole, hidden)), rows.outcome)
    assert fitted.coefficients[1] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("name", WAYS)
def test_every_way_finds_the_effect_that_the_plain_difference_misses(name: str) -> None:
    rows = confounded(1500, 8)
    assert difference_in_means(rows).low > TRUE + 0.5
    found = WAYS[name](rows)
    assert found.low < TRUE < found.high


@pytest.mark.long
def test_trees_find_an_effect_that_bends() -> None:
    rows = confounded(1200, 9)
    bent = rows_of(rows.outcome + rows.confounders[:, 0] ** 2, rows.treatment, rows.confounders, rows.names)
    found = doubly_robust(bent, learner=TREES, cuts=1)
    assert found.low < TRUE < found.high


def test_weights_and_matches_make_both_sides_alike() -> None:
    rows = confounded(2000, 4)
    near = overlap_of(rows)
    before = standardised_differences(rows, rows.treatment, 1 - rows.treatment)
    after = standardised_differences(rows, *weights(rows.treatment, near.chance, EVERYBODY))
    matched = standardised_differences(rows, rows.treatment, by_matching(rows).weights)
    assert np.abs(before[:2]).min() > 0.3
    assert max(np.abs(after).max(), np.abs(matched).max()) < 0.1


def test_an_effect_on_chances_is_in_points_of_chance() -> None:
    found, truth = doubly_robust(confounded(4000, 2, share=True), cuts=1), true_share_effect()
    assert found.low < truth < found.high
    assert e_value(found, confounded(4000, 2, share=True)).value > 1.5


def test_placebos_are_called_effects_once_in_twenty() -> None:
    p = [placebo_p(confounded(60, run, effect=0.0), draws=99, seed=run)[1] for run in range(80)]
    assert np.mean(np.array(p) <= 0.05) < 0.13


def covered(way: Way, runs: int, n: int, *, varies: float = 0.0) -> float:
    found = [way(confounded(n, 1000 + run, varies=varies)) for run in range(runs)]
    return float(np.mean([one.low <= TRUE <= one.high for one in found]))


@pytest.mark.parametrize("name", ["regression", "weighting"])
def test_intervals_hold_the_truth_in_a_few_runs(name: str) -> None:
    assert covered(WAYS[name], 30, 150) > 0.83


@pytest.mark.long
@pytest.mark.parametrize("n", [150, 600])
def test_intervals_hold_the_truth_nineteen_times_in_twenty(n: int) -> None:
    rates = {name: covered(way, 600, n) for name, way in WAYS.items()}
    assert min(rates.values()) >= 0.92, rates
    assert 0.935 <= np.mean(list(rates.values())) <= 0.965, rates


@pytest.mark.long
@pytest.mark.parametrize("name", ["interactions", "weighting", "doubly robust"])
def test_intervals_hold_the_mean_effect_where_it_varies(name: str) -> None:
    assert 0.92 <= covered(WAYS[name], 600, 400, varies=0.7) <= 0.98


def test_no_overlap_is_refused_with_what_sets_them_apart() -> None:
    generator = np.random.default_rng(1)
    x = generator.normal(size=(400, 2))
    t = (x[:, 0] + 0.1 * generator.normal(size=400) > 0).astype(np.float64)
    rows = rows_of(generator.normal(size=400), t, x, ["age", "other"])
    with pytest.raises(NotEnoughData, match=r"Overlap fails.*'age'"):
        overlap_of(rows)
    apart = rows_of(generator.normal(size=400), (x[:, 0] > 0).astype(np.float64), x, ["age", "other"])
    with pytest.raises(NotEnoughData, match="without fail"):
        overlap_of(apart)


def test_what_has_no_honest_answer_is_refused() -> None:
    y, t = np.arange(40.0), np.tile([0.0, 1.0], 20)
    ramp = np.arange(40.0) ** 2
    for x, error, said in (
        (np.column_stack((ramp, 2 * ramp)), InvalidInput, "repeat each other"),
        (t[:, None], InvalidInput, "the treatment itself"),
        (np.ones((40, 1)), InvalidInput, "in every row"),
        (ramp[:, None] * 1e12, InvalidInput, "below 1e"),
        (np.full((40, 1), np.nan), NotEnoughData, "0 treated rows"),
    ):
        with pytest.raises(error, match=said):
            rows_of(y, t, x, ["a", "b"][: x.shape[1]])


def test_an_outcome_that_is_known_already_is_refused() -> None:
    t = np.tile([0.0, 1.0], 20)
    ramp = np.arange(40.0)[:, None] ** 2
    with pytest.raises(InvalidInput, match="the treatment in other words"):
        rows_of(t, t, ramp, ["a"])
    with pytest.raises(InvalidInput, match="without fail the outcome"):
        rows_of(3 * ramp[:, 0], t, ramp, ["a"])
