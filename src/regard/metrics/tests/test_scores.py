from __future__ import annotations

import pytest

from regard.kernel.estimates import Estimate
from regard.kernel.periods import Grain
from regard.metrics.compute import compute
from regard.metrics.settings import MetricSettings
from regard.metrics.tests.hand_drawn import log_of, scores

CES = {1: 20, 2: 30, 3: 50, 4: 100, 5: 200, 6: 350, 7: 250}


def figure(key: str, counts: dict[float, int], metric: str) -> Estimate:
    found = compute(key, connection=log_of(scores(metric, counts))).total.estimate
    assert found is not None
    return found


def test_nps_of_230_promoters_120_passives_and_50_detractors_is_45() -> None:
    found = figure("nps", {10: 230, 8: 120, 3: 50}, "nps")
    assert found.value == pytest.approx(45.0)
    assert (found.low, found.high) == (pytest.approx(37.8, abs=0.05), pytest.approx(51.6, abs=0.05))
    assert (found.n, found.n_customers, found.method) == (400, 400, "adjusted Wald")


def test_nps_puts_9_with_promoters_8_and_7_with_passives_and_6_with_detractors() -> None:
    assert figure("nps", {9: 10, 6: 10}, "nps").value == 0
    assert figure("nps", {9: 10, 8: 10}, "nps").value == 50
    assert figure("nps", {6: 10, 7: 10}, "nps").value == -50


def test_csat_counts_4_and_5_and_leaves_out_skipped_answers() -> None:
    log = log_of([*scores("csat", {3: 2, 4: 3, 5: 5}), {"kind": "survey.answered", "metric": "csat"}])
    found = compute("csat", connection=log).total.estimate
    assert found is not None
    assert (found.value, found.n) == (0.8, 10)


def test_effort_of_a_thousand_answers_has_its_four_worked_values() -> None:
    counts = {float(score): many for score, many in CES.items()}
    assert figure("ces", counts, "ces").value == pytest.approx(0.80)
    assert figure("ces_top2", counts, "ces").value == pytest.approx(0.60)
    assert figure("ces_mean", counts, "ces").value == pytest.approx(5.48)
    assert figure("ces_index", counts, "ces").value == pytest.approx(50.0)


def test_the_cut_off_of_effort_can_be_set() -> None:
    log = log_of(scores("ces", {float(score): many // 10 for score, many in CES.items()}))
    found = compute("ces", connection=log, settings=MetricSettings({"easy_from": "6"})).total.estimate
    assert found is not None
    assert found.value == pytest.approx(0.60)


def test_the_difference_of_two_nps_is_minus_5_with_p_a_third() -> None:
    before = scores("nps", {10: 230, 8: 120, 3: 50}, channel="web")
    after = scores("nps", {10: 209, 8: 114, 3: 57}, channel="app")
    result = compute("nps", connection=log_of([*before, *after]), by=["channel"], compare="channel=web")
    gap = next(reading.difference for reading in result.readings if reading.group.get("channel") == "app")
    assert gap is not None
    assert gap.value == pytest.approx(-5.0)
    assert gap.p == pytest.approx(0.33, abs=0.005)
    assert gap.p_adjusted == pytest.approx(gap.p)


def test_weighted_answers_count_by_weight_and_n_stays_the_number_of_answers() -> None:
    rows = [*scores("nps", {10: 6}, weight=2.0), *scores("nps", {2: 4}, weight=1.0)]
    weighted = compute("nps", connection=log_of(rows)).total.estimate
    plain = compute("nps", connection=log_of(rows), settings=MetricSettings(unweighted=True)).total.estimate
    assert weighted is not None
    assert plain is not None
    assert weighted.value == pytest.approx(100 * (12 - 4) / 16)
    assert weighted.method == "adjusted Wald, weighted (Kish)"
    assert (weighted.n, plain.value, plain.method) == (10, pytest.approx(20.0), "adjusted Wald")


def test_a_customer_who_answers_five_times_widens_the_interval() -> None:
    once = log_of(scores("csat", {5: 40, 1: 40}))
    again = log_of(
        [row | {"customer": n // 5} for n, row in enumerate(map(dict, scores("csat", {5: 200, 1: 200})))]
    )
    plain, clustered = (compute("csat", connection=log).total.estimate for log in (once, again))
    assert plain is not None
    assert clustered is not None
    assert (clustered.n, clustered.n_customers) == (400, 80)
    assert clustered.method == "Wilson, clustered by customer"
    assert plain.low is not None
    assert clustered.low == pytest.approx(plain.low, abs=0.01)


def test_a_month_without_answers_is_a_reading_with_a_reason() -> None:
    from datetime import UTC, datetime

    rows = [
        {**row, "occurred_at": datetime(2026, month, 5, tzinfo=UTC)}
        for month in (1, 3)
        for row in scores("nps", {10: 8})
    ]
    rows = [{**row, "customer": number} for number, row in enumerate(rows)]
    result = compute("nps", connection=log_of(rows), every=Grain.MONTH)
    values = [(reading.estimate.value if reading.estimate else None) for reading in result.readings]
    assert values == [100, 100, None, 100]
    assert result.readings[2].reason == "nothing to count in this period"
