"""`regard experiment-plan` as somebody uses it before an experiment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.kernel.errors import RegardError

COMMAND = Command("experiment-plan")
run, told = COMMAND.run, COMMAND.told


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """What 300 customers spent in two rows each, and in the time before."""
    generator = np.random.default_rng(1)
    rows = ["customer,spent,earlier"]
    for customer in range(300):
        earlier = generator.gamma(2, 10)
        rows += [f"{customer},{earlier + generator.normal(20, 5):.3f},{earlier:.3f}" for _ in range(2)]
    file = tmp_path / "before.csv"
    file.write_text("\n".join(rows) + "\n")
    return file


def test_units_and_days_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, "--baseline", 0.1, "--difference", 0.02, "--daily", 500)
    assert (document["units_per_variant"], document["units"], document["days"], document["weeks"]) == (
        3841,
        7682,
        16,
        3,
    )
    assert {"method", "source", "power", "detectable"} <= set(document)
    run("--baseline", 0.1, "--relative", 0.2, "--daily", 500)
    said = capsys.readouterr().out
    assert "7,682 units, 3,841 in each of 2 variants" in said
    assert "16 days" in said


def test_what_so_many_units_tell_is_what_needs_them(capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, "--baseline", 50, "--sd", 20, "--daily", 100, "--days", 28)
    again = told(capsys, "--baseline", 50, "--sd", 20, "--difference", document["difference"])
    assert again["units"] == pytest.approx(2_800, abs=2)
    assert [one["weeks"] for one in document["detectable"]][3] == 4
    assert document["detectable"][3]["difference"] == pytest.approx(document["difference"])


def test_rows_from_before_tell_spread_and_what_the_time_before_explains(
    before: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = (before, "--metric", "spent", "--unit", "customer", "--relative", 0.05)
    plain = told(capsys, *given)
    adjusted = told(capsys, *given, "--pre", "earlier")
    assert plain["baseline"] == pytest.approx(40, abs=2)
    assert adjusted["explained"] > 0.8
    assert adjusted["units"] < 0.2 * plain["units"]
    assert (
        told(capsys, *given, "--pre", "earlier", "--sequential", "--variants", 3)["units"]
        > 2 * adjusted["units"]
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "--baseline"),
        (("--baseline", 0.1), "one of two"),
        (("--baseline", 0.1, "--difference", 0.1, "--units", 100), "one of two"),
        (("--baseline", 0.1, "--difference", 0.1, "--relative", 0.1), "one of two"),
        (("--baseline", 0.1, "--days", 7), "one of two"),
        (("--baseline", 10, "--difference", 1), "share lies"),
        (("--baseline", 0.1, "--difference", 0), "must not be 0"),
        (("--baseline", 0.1, "--difference", 0.95), "no share"),
        (("--baseline", 0.1, "--units", 3), "tell nothing"),
        (("--baseline", 0.1, "--units", "inf"), "--units"),
        (("--baseline", 0.1, "--difference", 0.1, "--power", 80), "--power"),
        (("--baseline", 0.1, "--difference", 0.1, "--confidence", 1), "confidence"),
        (("--baseline", 0.1, "--difference", 0.1, "--variants", 1), "2 variants"),
        (("--metric", "spent", "--baseline", 3), "read from the rows"),
    ],
)
def test_what_cannot_be_planned_is_refused(given: tuple[object, ...], said: str) -> None:
    with pytest.raises(RegardError, match=said):
        run(*given)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "is empty"),
        ("y,z\n" + "1,2\n" * 3, "too little"),
        ("y,z\n" + "1,2\n" * 30, "nothing to plan with"),
        ("y,z\n" + "1,1\n2,2\n" * 30, "not be the metric itself"),
        ("y,z\n" + "1,1\n2,1\n" * 30, "must differ"),
        ("y,z\n" + "1,inf\n2,1\n" * 30, "a number"),
    ],
)
def test_rows_that_say_nothing_are_refused(tmp_path: Path, rows: str, said: str) -> None:
    file = tmp_path / "given.csv"
    file.write_text(rows)
    with pytest.raises(RegardError, match=said):
        run(file, "--metric", "y", "--pre", "z", "--relative", 0.1)
