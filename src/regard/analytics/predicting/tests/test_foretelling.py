"""What is foretold to rows not seen, what is noticed before, and whom a treatment moves, against simulated truth."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from scipy.stats import rankdata

from regard.analytics.arrays import Floats, floats
from regard.analytics.predicting.choosing import choose
from regard.analytics.predicting.columns import Column, words_column
from regard.analytics.predicting.held_out import cut_folds, final_model, held_out
from regard.analytics.predicting.judging import auc, reliability
from regard.analytics.predicting.leaks import find_leaks
from regard.analytics.predicting.logistic import logistic
from regard.analytics.predicting.models import CURVES, LINES, TREES, fit_model
from regard.analytics.predicting.uplift import (
    TRANSFORMED,
    TWO_MODELS,
    chance_of_lot,
    qini,
    uplift_scores,
)
from regard.kernel.errors import NotEnoughData


def made(n: int, seed: int, *, bend: float = 0.0) -> tuple[list[Column], Floats]:
    """A number, a word and a number of nothing; the outcome goes with the first two."""
    generator = np.random.default_rng(seed)
    a, noise, word = generator.normal(size=n), generator.normal(size=n), generator.integers(0, 3, n)
    chance = logistic(-0.5 + 1.2 * a + 0.8 * (word == 1) + bend * a**2)
    columns = [
        Column("a", numbers=a),
        words_column("word", np.array(["x", "y", "z"], dtype=object)[word]),
        Column("noise", numbers=noise),
    ]
    return columns, (generator.random(n) < chance).astype(np.float64)


def test_nothing_is_foretold_from_nothing() -> None:
    columns, outcome = made(600, 1)
    seen = held_out(LINES, columns[2:], outcome, seeds=1)
    assert seen.auc[0] < 0.56


def test_the_plain_model_stays_where_curves_add_nothing_and_goes_where_they_do() -> None:
    columns, outcome = made(800, 2)
    assert choose((LINES, CURVES), columns, outcome, seeds=1).chosen.kind == LINES
    columns, outcome = made(800, 2, bend=1.0)
    choice = choose((LINES, CURVES), columns, outcome, seeds=1)
    assert choice.chosen.kind == CURVES
    assert choice.above[1][2] < 0.01


@pytest.mark.long
def test_trees_are_calibrated_on_rows_that_they_have_not_seen() -> None:
    columns, outcome = made(400, 3)
    seen = held_out(TREES, columns, outcome, folds=2, seeds=1)
    told = reliability(seen.mean, outcome)
    assert told.slope_low < 1 < told.slope_high
    foretold = final_model(TREES, columns, outcome, seen).chance(columns)
    assert foretold.mean() == pytest.approx(outcome.mean(), abs=0.05)


def test_reasons_add_up_to_what_sets_a_customer_apart() -> None:
    columns, outcome = made(400, 4)
    for kind in (LINES, CURVES):
        model = fit_model(kind, columns, outcome)
        chance = model.chance(columns)
        log_odds = np.log(chance / (1 - chance))
        parts = model.reasons(columns, columns)
        assert parts.sum(axis=1) == pytest.approx(log_odds - log_odds.mean(), abs=1e-9)
        assert np.abs(parts[:, 0]).mean() > 3 * np.abs(parts[:, 2]).mean()


def test_a_customers_rows_are_never_on_both_sides() -> None:
    outcome = np.tile([0.0, 1.0], 50)
    who = np.repeat(np.arange(25), 4)
    fold = cut_folds(outcome, 5, 2, who)
    assert all(len(np.unique(fold[who == one])) == 1 for one in range(25))


def test_too_few_of_one_outcome_are_refused() -> None:
    columns, _ = made(50, 5)
    with pytest.raises(NotEnoughData, match="4 customers with the outcome yes"):
        held_out(LINES, columns, (np.arange(50) < 4).astype(np.float64))


def test_columns_that_tell_the_outcome_or_name_the_customer_are_noticed() -> None:
    columns, outcome = made(500, 6)
    generator = np.random.default_rng(6)
    given = [
        *columns,
        Column("customer_no", numbers=np.arange(500.0) + 1000),
        words_column("uuid", [f"u-{place}" for place in range(500)]),
        words_column("status", np.where(outcome > 0, "closed", "open").astype(object)),
        Column("days_since_end", numbers=np.where(outcome > 0, generator.random(500), np.nan)),
        Column("refund", numbers=outcome * 3 + generator.random(500)),
        words_column("plan", np.where((outcome > 0) & (generator.random(500) < 0.4), "winback", "usual").astype(object)),
        Column("always", numbers=np.ones(500)),
        Column("never", numbers=np.full(500, np.nan)),
    ]  # fmt: skip
    noticed = find_leaks(given, outcome)
    assert set(noticed.left_out) == {
        *("customer_no", "uuid", "status", "days_since_end", "refund", "always", "never")
    }
    assert set(noticed.suspicious) == {"plan"}
    assert "filled only where the outcome is yes" in noticed.left_out["days_since_end"]


def test_whole_numbers_that_are_measured_are_no_identifiers() -> None:
    generator = np.random.default_rng(3)
    outcome = (generator.random(40) < 0.5).astype(np.float64)
    paid = Column("amount_paid", numbers=generator.choice(5000, 40, replace=False).astype(np.float64))
    age = Column("age", numbers=generator.choice(np.arange(20.0, 85.0), 40, replace=False))
    number = Column("orderId", numbers=generator.choice(5000, 40, replace=False).astype(np.float64))
    assert set(find_leaks([paid, age, number], outcome).left_out) == {"orderId"}


def treated(n: int, seed: int) -> tuple[list[Column], Floats, Floats, Floats]:
    """Columns, outcome, a treatment by lot that moves those above 0 only, and by how much it moves each."""
    generator = np.random.default_rng(seed)
    a, b = generator.normal(size=n), generator.normal(size=n)
    lot = (generator.random(n) < 0.5).astype(np.float64)
    plain, with_ = logistic(-1 + 0.4 * b), logistic(-1 + 0.4 * b + 1.2 * (a > 0))
    outcome = (generator.random(n) < np.where(lot > 0, with_, plain)).astype(np.float64)
    return [Column("a", numbers=a), Column("b", numbers=b)], outcome, lot, with_ - plain


@pytest.mark.parametrize("kind", [TWO_MODELS, TRANSFORMED])
def test_whom_a_treatment_moves_is_told(kind: str) -> None:
    columns, outcome, lot, truth = treated(4000, 7)
    score = uplift_scores(kind, columns, outcome, lot)
    assert auc(score, (truth > 0.05).astype(np.float64)) > 0.9
    found = qini(score, outcome, lot)
    assert 0 < found.low < found.area < found.high
    assert score.mean() == pytest.approx(truth.mean(), abs=0.03)


def test_qini_is_that_of_scikit_uplift() -> None:
    """`sklift.metrics.qini_auc_score` 0.5.1 gave .07529194741366352 in an environment of its own."""
    generator = np.random.default_rng(5)
    score = np.round(generator.normal(size=400), 1)
    lot = (generator.random(400) < 0.5).astype(np.int64)
    outcome = (generator.random(400) < 0.3 + 0.2 * lot * (score > 0)).astype(np.float64)
    found = qini(score, outcome, lot.astype(np.float64))
    assert found.perfect == pytest.approx(0.07529194741366352)
    assert found.area == pytest.approx(0.012201384080616894)


ORDERS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "nothing": lambda _, noise: noise,
    "half": lambda a, noise: a + 1.5 * noise,
    "all": lambda a, _: a,
    "tied": lambda a, _: np.clip(a.round(), -1, 1),
    "wrong": lambda a, _: -a,
}


def moved(
    n: int, seed: int, order: str, *, lot: float = 0.5, base: float = -1.0
) -> tuple[Floats, Floats, Floats, Floats]:
    """Scores, outcome, a treatment by lot that moves everybody otherwise, some down, and by how much it moves each."""
    generator = np.random.default_rng(seed)
    a, b, noise = generator.normal(size=(3, n))
    usual = base + 0.5 * b - 0.3 * a
    plain, with_ = logistic(usual), logistic(usual + 0.2 + 0.8 * a)
    treatment = (generator.random(n) < lot).astype(np.float64)
    outcome = (generator.random(n) < np.where(treatment > 0, with_, plain)).astype(np.float64)
    return floats(ORDERS[order](a, noise)), outcome, treatment, floats(with_ - plain)


@cache
def true_qini(order: str, lot: float, base: float) -> float:
    """Treating a share gains the uplift of all in it: each counts for as long as it is treated, less half."""
    score, _, _, uplift = moved(500_000, 1, order, lot=lot, base=base)
    return lot * float(np.mean(uplift * (0.5 - (rankdata(-score) - 0.5) / len(score))))


def qini_covered(runs: int, n: int, order: str, lot: float, base: float) -> float:
    """How often the interval holds the area of half a million customers, whose own uplift is known."""
    truth, inside = true_qini(order, lot, base), 0
    for run in range(runs):
        score, outcome, treatment, _ = moved(n, 1000 + run, order, lot=lot, base=base)
        found = qini(score, outcome, treatment)
        inside += found.low <= truth <= found.high
    return inside / runs


def test_the_interval_of_a_qini_is_that_of_leaving_out_each_row() -> None:
    score, outcome, treatment, _ = moved(600, 4, "tied")
    found = qini(score, outcome, treatment)
    left = [qini(*(np.delete(one, at) for one in (score, outcome, treatment))).area for at in range(600)]
    jackknife = np.sqrt(599 * np.var(left))
    assert (found.high - found.low) / 2 / 1.96 == pytest.approx(jackknife, rel=0.02)


@pytest.mark.parametrize("order", ["nothing", "tied"])
def test_the_interval_of_a_qini_holds_the_truth_in_a_few_runs(order: str) -> None:
    assert qini_covered(200, 300, order, 0.5, -1.0) > 0.91


@pytest.mark.long
@pytest.mark.parametrize("n", [200, 600, 2000])
def test_the_interval_of_a_qini_holds_the_truth_nineteen_times_in_twenty(n: int) -> None:
    rates = {
        (order, lot, base): qini_covered(500, n, order, lot, base)
        for order in ORDERS
        for lot, base in ((0.5, -1.0), (0.2, -2.5))
    }
    assert min(rates.values()) >= 0.92, rates
    assert 0.935 <= np.mean(list(rates.values())) <= 0.965, rates


def test_a_treatment_that_was_not_given_by_lot_is_noticed() -> None:
    columns, _, lot, _ = treated(1000, 3)
    assert chance_of_lot(columns, lot) > 0.01
    assert columns[0].numbers is not None
    chosen = floats(columns[0].numbers > 0.2)
    assert chance_of_lot(columns, chosen) < 1e-6
    assert chance_of_lot([Column("same", numbers=lot)], lot) == 0.0
