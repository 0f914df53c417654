"""Lengths of time as people type them."""

from __future__ import annotations

from pathlib import Path

import pytest

from regard.analyses.tests.running import Command
from regard.kernel.errors import InvalidInput

ROWS = "customer,day,amount,score\nc1,2026-01-01,5,9\nc1,2026-01-04,5,8\nc2,2026-02-01,5,2\n"


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("value", ("--customer", "customer", "--time", "day", "--horizon", "39")),
        (
            "economics",
            (
                *("--customer", "customer", "--time", "day", "--amount", "amount", "--score", "score"),
                *("--every", "30"),
            ),
        ),
        ("forecast", ("--time", "day", "--every", "60", "--horizon", "7d")),
        ("journeys", ("--case", "customer", "--activity", "score", "--time", "day", "--channel", "amount", "--again", "7")),
    ],
)  # fmt: skip
def test_a_number_without_a_letter_is_not_taken_for_seconds(
    key: str, asked: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(ROWS)
    with pytest.raises(
        InvalidInput, match=f"'{asked[-1] if key != 'forecast' else 60}' is no length of time"
    ):
        Command(key).run(file, *asked)


def test_an_interval_of_staffing_needs_its_letter_and_handling_time_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ("--calls", "100", "--aht", "180", "--agents", "14")
    with pytest.raises(InvalidInput, match="'30' is no length of time"):
        Command("staffing").run(*asked, "--per", "30")
    document = Command("staffing").told(capsys, *asked, "--per", "30m", "--patience", "120")
    assert document["model"] == "erlang-a"
