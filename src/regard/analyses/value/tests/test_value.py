"""The command on CDNOW's raw purchases, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from regard.analyses.tests.running import Command
from regard.analytics.buying.tests.cdnow import purchases
from regard.kernel.errors import RegardError

VALUE = Command("value")
run, answer = VALUE.run, VALUE.told
COLUMNS = ("--customer", "who", "--time", "day")


@pytest.fixture
def cdnow(tmp_path: Path) -> str:
    file = tmp_path / "cdnow.csv"
    rows = [f"{who},{day},{paid}" for who, day, paid in purchases()]
    file.write_text("\n".join(["who,day,paid", *rows, ",1997-01-05,3", ""]))
    return str(file)


def test_raw_purchases_give_the_published_model(
    cdnow: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "customers.parquet"
    given = (
        cdnow,
        *COLUMNS,
        "--amount",
        "paid",
        "--until",
        "1997-09-30",
        "--horizon",
        "39w",
        "--out",
        str(out),
    )
    found = answer(capsys, *given)
    assert found["n"] == found["customers"]["n"] == 2357
    assert {name: round(value, 3) for name, value in found["parameters"].items() if name in ("r", "alpha", "a", "b")} == {
        "r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426,
    }  # fmt: skip
    assert [found["parameters"][name] for name in "pqv"] == pytest.approx([6.25, 3.74, 15.44], abs=5e-3)
    assert found["log_likelihood"] == pytest.approx(-9582.43, abs=5e-3)
    assert found["customers"]["expected_purchases"] == pytest.approx(1653.4, abs=0.1)
    assert found["held_out"] == {"weeks": 39.0, "expected": pytest.approx(1653.4, abs=0.1), "actual": 1882}
    table = (
        duckdb.connect()
        .execute(f"SELECT count(*), sum(value), sum(expected_purchases) FROM '{out}'")
        .fetchone()
    )
    assert table is not None
    assert table[0] == 2357
    assert table[1] == pytest.approx(found["customers"]["value"])
    run(*given)
    said = capsys.readouterr().out
    assert "2,357 customers bought by 1997-09-30" in said
    assert "1 rows without a customer or a time were left out" in said


def test_customers_may_leave_at_any_moment(cdnow: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(
        capsys, cdnow, *COLUMNS, "--until", "1997-09-30", "--horizon", "39w", "--model", "pareto-nbd"
    )
    assert {name: round(value, 2) for name, value in found["parameters"].items()} == {
        "r": 0.55, "alpha": 10.58, "s": 0.61, "beta": 11.67,
    }  # fmt: skip
    assert found["log_likelihood"] == pytest.approx(-9594.98, abs=0.01)
    customers = found["customers"]
    assert (
        customers["expected_purchases_low"]
        < customers["expected_purchases"]
        < customers["expected_purchases_high"]
    )
    assert found["method"].startswith("Pareto/NBD")


def test_margin_and_discount_take_from_the_value(cdnow: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = (cdnow, *COLUMNS, "--amount", "paid", "--until", "1997-09-30", "--model", "mbg-nbd")
    whole = answer(capsys, *given)["customers"]["value"]
    assert answer(capsys, *given, "--margin", "0.5")["customers"]["value"] == pytest.approx(whole / 2)
    later = answer(capsys, *given, "--discount", "0.1")["customers"]["value"]
    assert 0.94 * whole < later < 0.97 * whole


def test_without_amounts_only_purchases_are_told(cdnow: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, cdnow, *COLUMNS)
    assert found["customers"]["value"] is None
    assert set(found["parameters"]) == {"r", "alpha", "a", "b"}
    assert "held_out" not in found


@pytest.mark.parametrize(
    ("rows", "given", "said"),
    [
        ("", (), "empty"),
        ("who,day\n", (), "no rows"),
        ("who,day\n,\n,2025-01-01\n", (), "both a customer and a time"),
        ("who,day\na,2025-01-01\nb,2025-01-02\n", (), "Fewer than two"),
        ("who,day\na,soon\n", (), "soon"),
        ("who,when\na,2025-01-01\n", (), "no column 'day'"),
        ("who,day\na,2025-01-01\n", ("--until", "2024-01-01"), "Nobody bought by"),
        ("who,day\na,2025-01-01\n", ("--until", "tomorrow"), "no day"),
        ("who,day\na,2025-01-01\n", ("--horizon", "0w"), "length of time"),
        ("who,day\na,2025-01-01\n", ("--margin", "2"), "--margin"),
        ("who,day,paid\na,2025-01-01,inf\n", ("--amount", "paid"), "inf"),
        ("who,day,paid\na,2025-01-01,3e12\n", ("--amount", "paid"), "'paid' reaches"),
        ("who,day\na,-0044-03-15\n", (), "before 1800"),
        ("who,day,paid\na,2025-01-01,\n", ("--amount", "paid"), "no amount above 0"),
        ("who,day,paid\na,2025-01-01,-3\n", ("--amount", "paid", "--model", "sbg"), "no amount above 0"),
        ("who,day\na,9999-12-31\n", ("--model", "bg-bb"), "before 1800 or after 2199"),
    ],
)
def test_what_cannot_be_is_refused_with_a_word_on_what_to_do(
    tmp_path: Path, rows: str, given: tuple[str, ...], said: str
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(rows)
    with pytest.raises(RegardError, match=said):
        run(str(file), *COLUMNS, *given)


def test_amounts_that_are_all_alike_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    days = {"a": (1, 5, 9), "b": (1, 20), "c": (2,), "d": (3, 4), "e": (1, 28), "f": (5,), "g": (9, 10, 11)}
    rows = [f"{who},2025-01-{day:02},5" for who, own in days.items() for day in own]
    file.write_text("\n".join(["who,day,paid", *rows, ""]))
    with pytest.raises(RegardError):
        run(str(file), *COLUMNS, "--amount", "paid")


def test_a_place_that_cannot_be_written_is_named(cdnow: str, tmp_path: Path) -> None:
    for name, said in (("customers.txt", "must end in"), ("none/customers.parquet", "cannot be written")):
        with pytest.raises(RegardError, match=said):
            run(cdnow, *COLUMNS, "--out", str(tmp_path / name))
