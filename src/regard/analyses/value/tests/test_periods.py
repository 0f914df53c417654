"""`regard value` counted in periods, and what serving costs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.analyses.value.counted import periods
from regard.analytics.buying.tests.cdnow import purchases
from regard.analytics.buying.tests.donations import donors
from regard.analytics.buying.tests.test_shifted_beta_geometric import HIGH_END
from regard.kernel.errors import RegardError

VALUE = Command("value")
run, told = VALUE.run, VALUE.told
DONORS = ("--customer", "donor", "--time", "given_on", "--model", "bg-bb")
COLUMNS = ("--customer", "who", "--time", "day", "--until", "1997-09-30", "--horizon", "39w")


@pytest.fixture
def gifts(tmp_path: Path) -> Path:
    """Gifts as the published donors of 1995 gave them, to 2001, and a few in 2002 and in 2003, which is not over."""
    kinds, rows, donor = donors(), ["donor,given_on,gift"], 0
    for again, last, n in zip(
        kinds.again.astype(int), kinds.last.astype(int), kinds.n.astype(int), strict=True
    ):
        given = [1995, *range(1995 + last - again + 1, 1995 + last + 1)]
        for _ in range(n):
            donor += 1
            rows += [
                f"d{donor},{year}-{1 + donor % 12:02}-{1 + donor % 28:02},{10 + donor % 7 + year % 3}"
                for year in given
            ]
    rows += ["d1,1995-01-09,5", "d11104,2002-12-31,20", "d11103,2002-01-01,20", "d11103,2003-02-01,20"]
    file = tmp_path / "gifts.csv"
    file.write_text("\n".join(rows) + "\n")
    return file  # fmt: skip


def test_gifts_give_the_published_model(
    gifts: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture, out = tmp_path / "gifts.svg", tmp_path / "donors.csv"
    given = (gifts, *DONORS, "--amount", "gift", "--until", "2002-01-20", "--horizon", "1826d")
    found = told(capsys, *given, "--svg", picture, "--out", out)
    assert (found["n"], found["until"], found["horizon_periods"], found["period"]) == (
        11_104,
        "2001-12-31",
        5,
        "years",
    )
    chosen = [found["parameters"][name] for name in ("alpha", "beta", "gamma", "delta")]
    assert chosen == pytest.approx([1.204, 0.750, 0.657, 2.783], abs=5e-4)
    assert found["log_likelihood"] == pytest.approx(-33_225.6, abs=0.05)
    assert found["held_out"]["periods"] == 1
    assert found["held_out"]["actual"] == 2
    assert "in 1 year held out" in picture.read_text()
    assert (
        out.read_text()
        .splitlines()[0]
        .startswith("customer,bought_again,last_periods,age_periods,alive,expected")
    )
    run(*given)
    said = capsys.readouterr().out
    assert "Within 5 years they will buy" in said
    assert "the last ends with 2001-12-31" in said


@pytest.mark.parametrize(
    ("every", "until", "last", "days"),
    [
        ("year", "2026-12-31", "2026-12-31", 365),
        ("year", "2026-12-30", "2025-12-31", 365),
        ("quarter", "2026-05-01", "2026-03-31", 90),
        ("month", "2024-02-29", "2024-02-29", 29),
        ("week", "2026-11-22", "2026-11-22", 7),
        ("week", "2026-11-21", "2026-11-15", 7),
        ("28d", "2026-11-19", "2026-11-19", 28),
        ("day", "2026-11-19", "2026-11-19", 1),
    ],
)
def test_periods_are_those_of_the_calendar_or_end_with_the_last_day(
    every: str, until: str, last: str, days: int
) -> None:
    day = int(np.datetime64(until).astype(np.int64))
    way = periods(every, day)
    step = way.last(day)
    assert str(way.ends(step)) == last
    own = np.arange(day - 800, day + 800)
    assert int((way.at(own) == step).sum()) == days


@pytest.fixture
def cdnow(tmp_path: Path) -> Path:
    file = tmp_path / "cdnow.csv"
    rows = [f"{who},{day},{paid},{paid / 5:.4f},2" for who, day, paid in purchases()]
    file.write_text("\n".join(["who,day,paid,fifth,two", *rows, ""]))
    return file


def test_the_cost_to_serve_is_taken_off(cdnow: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = (cdnow, *COLUMNS, "--amount", "paid")
    whole = told(capsys, *given)["customers"]
    share = told(capsys, *given, "--margin", "0.5", "--cost", "0.2")["customers"]["value"]
    assert share == pytest.approx(0.3 * whole["value"])
    flat = told(capsys, *given, "--cost", "two")["customers"]["value"]
    per_day = (whole["value"] - flat) / whole["expected_purchases"]
    assert 2.0 < per_day < 2.4  # Some bought twice on a day.
    told_apart = told(capsys, *given, "--cost", "fifth")["customers"]["value"]
    assert told_apart == pytest.approx(0.8 * whole["value"], rel=0.02)


def test_the_cost_of_contracts_is_taken_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "payments.csv"
    there = [100, *(round(share) for share in HIGH_END[:8])]
    rows = [f"c{one},2026-{month:02}-01,10,4" for month, n in enumerate(there, 1) for one in range(n)]
    file.write_text("\n".join(["who,day,paid,spent", *rows, ""]))
    given = (
        file,
        "--customer",
        "who",
        "--time",
        "day",
        "--model",
        "sbg",
        "--every",
        "30d",
        "--amount",
        "paid",
    )
    whole = told(capsys, *given)["customers"]["value"]
    assert told(capsys, *given, "--cost", "spent")["customers"]["value"] == pytest.approx(0.6 * whole)
    assert told(capsys, *given, "--cost", "0.4")["customers"]["value"] == pytest.approx(0.6 * whole)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--cost", "0.2"), "--amount"),
        (("--amount", "paid", "--cost", "2"), "--cost needs a share"),
        (("--amount", "paid", "--cost", "spend"), "no column 'spend'"),
        (("--model", "bg-bb", "--every", "fortnight"), "length of time"),
        (("--model", "bg-bb", "--every", "day", "--horizon", "3000d"), "whole periods ahead"),
    ],
)
def test_what_cannot_be_is_refused(cdnow: Path, given: tuple[str, ...], said: str) -> None:
    with pytest.raises(RegardError, match=said):
        run(cdnow, *COLUMNS[:6], *given)
