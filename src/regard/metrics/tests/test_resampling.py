"""Means of few customers have their interval drawn by lot: when, by which method, and always the same."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy import stats

from regard.kernel.periods import Grain
from regard.metrics import resampling
from regard.metrics.compute import compute
from regard.metrics.readings import Result
from regard.metrics.tests.hand_drawn import Row, log_of

BCA = "BCa bootstrap"


def orders(n_customers: int, **columns: object) -> list[Row]:
    """One to three orders of each customer, a few of them very large."""
    generator = random.Random(5)
    return [
        {
            "kind": "order.placed",
            "customer": customer,
            "currency": "EUR",
            "amount_minor": round(1000 * generator.lognormvariate(0, 1.2)),
            **columns,
        }
        for customer in range(n_customers)
        for _ in range(1 + customer % 3)
    ]


def worth(rows: list[Row], **asked: object) -> Result:
    return compute("average_order_value", connection=log_of(rows), **asked)  # type: ignore[arg-type]


def test_the_mean_worth_of_an_order_has_the_interval_that_scipy_draws() -> None:
    rows = orders(120)
    paid = np.zeros(120)
    placed = np.zeros(120)
    for row in rows:
        paid[row["customer"]] += row["amount_minor"]
        placed[row["customer"]] += 1
    expected = stats.bootstrap(
        (paid, placed),
        lambda y, x, axis: y.sum(axis=axis) / x.sum(axis=axis),
        paired=True,
        vectorized=True,
        n_resamples=8000,
        method="BCa",
        rng=3,
    ).confidence_interval
    found = worth(rows).total.estimate
    assert found is not None
    assert found.low == pytest.approx(expected.low, abs=0.06 * (expected.high - expected.low))
    assert found.high == pytest.approx(expected.high, abs=0.06 * (expected.high - expected.low))
    assert (found.method, found.n, found.n_customers) == (f"{BCA}, clustered by customer", len(rows), 120)


def test_the_same_rows_in_another_order_give_the_very_same_interval() -> None:
    rows = orders(60)
    again = sorted(rows, key=lambda row: -row["amount_minor"])
    assert worth(rows).total.estimate == worth(again).total.estimate


@pytest.mark.parametrize(("n_customers", "drawn"), [(19, False), (20, True), (50, True), (51, False)])
def test_only_some_twenty_to_ten_thousand_customers_are_drawn(
    n_customers: int, drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resampling, "MOST_UNITS", 50)
    found = worth(orders(n_customers))
    assert found.method.startswith(BCA) is drawn
    assert found.total.estimate is not None
    assert found.total.estimate.method == found.method


def test_groups_are_drawn_where_all_of_them_together_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*orders(40, channel="web"), *orders(30, channel="app"), *orders(5, channel="mail")]
    app, mail, web = (one.estimate for one in worth(rows, by=["channel"], min_n=1).readings[1:])
    assert app
    assert mail
    assert web
    assert (app.method[:3], mail.method[:3], web.method[:3]) == ("BCa", "rat", "BCa")
    assert web == worth(orders(40)).total.estimate
    monkeypatch.setattr(resampling, "MOST_UNITS", 60)
    more = worth([{**row, "customer": n % 60} for n, row in enumerate(rows)], by=["channel"])
    assert [one.estimate.method[:3] for one in more.readings if one.estimate] == ["BCa", "rat", "rat", "rat"]


def test_pieces_of_time_keep_the_delta_method_and_each_reading_says_its_own() -> None:
    found = worth(orders(60), every=Grain.HOUR)
    total, *pieces = found.as_json()["readings"]
    assert total["method"].startswith(BCA)
    assert {piece["method"][:3] for piece in pieces if piece["value"] is not None} <= {"rat", "mea"}
    assert found.method.split("; ")[0].startswith(BCA)
    assert "method" not in worth(orders(60)).as_json()["readings"][0]


def test_each_currency_is_drawn_by_itself() -> None:
    rows = [*orders(40), *({**row, "currency": "USD"} for row in orders(25))]
    total, eur, usd = worth(rows).readings[:3]
    assert total.estimate is None
    assert eur.estimate == worth(orders(40)).total.estimate
    assert usd.estimate == worth(orders(25)).total.estimate


def test_scores_that_weigh_more_are_drawn_with_their_weight() -> None:
    answers: list[Row] = [
        {"metric": "ces", "kind": "survey.answered", "score": float(n % 7 + 1), "weight": 1.0 + n % 3}
        for n in range(90)
    ]
    found = compute("ces_mean", connection=log_of(answers)).total.estimate
    assert found is not None
    assert found.method == f"{BCA}, weighted"
    assert found.low is not None
    assert found.high is not None
    assert 1 <= found.low < found.value < found.high <= 7


@pytest.mark.parametrize("key", ["contact_rate", "lifetime_value", "handle_time", "wait_time", "ces_mean"])
def test_every_mean_of_the_catalogue_is_drawn(key: str) -> None:
    kinds: list[Row] = [
        {"kind": kind, "customer": n, "thread": f"{kind} {n}", "amount_minor": 100 + n * n, "currency": "EUR"}
        | {"duration_seconds": 10.0 + n, "wait_seconds": 5.0 + n % 9, "metric": "ces", "score": 1.0 + n % 7}
        for n in range(30)
        for kind in ("order.placed", "call.ended", "survey.answered", *(["email.received"] if n % 3 else []))
    ]
    found = compute(key, connection=log_of(kinds)).total.estimate
    assert found is not None
    assert found.method.startswith(BCA)
    assert found.low is not None
    assert found.low < found.value
