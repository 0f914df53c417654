"""`regard value --model sbg` on payments, and the pictures of both kinds of model."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.analyses.value.renewed import renewed
from regard.analytics.buying.tests.cdnow import purchases
from regard.analytics.buying.tests.test_shifted_beta_geometric import HIGH_END
from regard.kernel.errors import RegardError

VALUE = Command("value")
run, told = VALUE.run, VALUE.told
COLUMNS = ("--customer", "who", "--time", "day")
SBG = ("--model", "sbg", "--every", "365d")


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    """A thousand customers of the published high-end segment, with the payments of twelve years."""
    there = [1000, *(round(10 * share) for share in HIGH_END)]
    rows = ["who,day,paid"]
    for year, n in enumerate(there):
        day = date(2001, 3, 1) + timedelta(days=365 * year)
        rows += [f"c{place},{day + timedelta(days=place % 3 - 1 if year else 0)},100" for place in range(n)]
    file = tmp_path / "payments.csv"
    file.write_text("\n".join(rows) + "\n")
    return file


def test_the_published_segment_comes_out_of_payments(
    segment: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture, out = tmp_path / "kept.svg", tmp_path / "customers.csv"
    given = (segment, *COLUMNS, *SBG, "--amount", "paid", "--horizon", "365d", "--until", "2008-02-28")
    found = told(capsys, *given, "--svg", picture, "--out", out)
    assert {name: round(value, 3) for name, value in found["parameters"].items()} == {
        "alpha": 0.668,
        "beta": 3.806,
    }
    assert (found["model"], found["n"]) == ("sbg", 1000)
    assert found["customers"]["alive_share"] == pytest.approx(0.491)
    assert found["customers"]["value"] == pytest.approx(100 * found["customers"]["expected_purchases"])
    low, high = found["customers"]["expected_purchases_low"], found["customers"]["expected_purchases_high"]
    assert low < 468 < high
    assert found["held_out"]["expected"] == pytest.approx(found["held_out"]["actual"], rel=0.03)
    assert [round(one["observed"], 3) for one in found["survival"][:3]] == [1.0, 0.869, 0.743]
    assert picture.read_text().startswith("<svg")
    assert len(out.read_text().splitlines()) == 1001
    run(*given)
    said = capsys.readouterr().out
    assert "491 still have one" in said
    assert "Held out" in said


def test_customers_may_grow_likelier_to_leave(segment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = (segment, *COLUMNS, "--every", "365d", "--until", "2008-02-28", "--horizon", "1825d")
    found = told(capsys, *given, "--model", "bdw")
    assert list(found["parameters"]) == ["alpha", "beta", "c"]
    assert found["parameter_intervals"]["c"][0] > 1
    assert found["log_likelihood"] > told(capsys, *given, "--model", "sbg")["log_likelihood"] + 2
    assert found["held_out"]["expected"] == pytest.approx(found["held_out"]["actual"], rel=0.03)
    assert (found["model"], found["method"][:3]) == ("bdw", "BdW")


def test_a_missed_payment_ends_a_contract_and_a_due_one_does_not() -> None:
    start = np.datetime64("2026-01-01", "us")
    rows = [("stays", 0), ("stays", 31), ("stays", 59), ("stays", 91), ("leaves", 0), ("leaves", 30), ("skips", 0),
            ("skips", 60), ("young", 80)]  # fmt: skip
    found = renewed(
        np.array([who for who, _ in rows], dtype=object),
        np.array([start + np.timedelta64(day, "D") for _, day in rows]),
        np.arange(9.0),
        30,
        None,
    )
    told = {
        name: (int(n), bool(lost))
        for name, n, lost in zip(found.names, found.renewed, found.is_lost, strict=True)
    }
    assert told == {"stays": (3, False), "leaves": (1, True), "skips": (0, True), "young": (0, False)}
    assert found.amount[list(found.names).index("leaves")] == 4.5


@pytest.mark.parametrize("until", [(), ("--until", "1997-09-30")])
def test_purchases_are_drawn_beside_what_was_expected(until: tuple[str, ...], tmp_path: Path) -> None:
    file, picture = tmp_path / "cdnow.csv", tmp_path / "value.svg"
    file.write_text("\n".join(["who,day", *(f"{who},{day}" for who, day, _ in purchases())]) + "\n")
    run(file, *COLUMNS, *until, "--svg", picture)
    assert ("made" in picture.read_text()) == bool(until)


BAD = {
    "nobody left": ("".join(f"c{i},2026-0{m}-01\n" for i in range(9) for m in (1, 2, 3)), "tells too little"),
    "nobody renewed": (
        "".join(f"c{i},2026-01-01\n" for i in range(9)) + "d,2026-05-01\n",
        "tells too little",
    ),
    "nobody": (",2026-01-01\n", "both a customer and a time"),
    "two rows": ("a,2026-01-01\nb,2026-01-01\n", "tells too little"),
}


@pytest.mark.parametrize("kind", BAD)
def test_payments_without_an_honest_answer_are_refused(kind: str, tmp_path: Path) -> None:
    text, said = BAD[kind]
    file = tmp_path / "given.csv"
    file.write_text("who,day\n" + text)
    with pytest.raises(RegardError, match=said):
        run(file, *COLUMNS, "--model", "sbg", "--every", "30d")
