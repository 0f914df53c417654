"""`regard forecast` as somebody with a file uses it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.kernel.errors import RegardError

FORECAST = Command("forecast")
run, told = FORECAST.run, FORECAST.told
ATHENS = ZoneInfo("Europe/Athens")
ASKED = ("--time", "start", "--value", "calls", "--every", "3h", "--horizon", "2d")


def volumes(file: Path, *, first: datetime, days: int, every: int = 3, busy: float = 30.0) -> Path:
    """Calls by the clock of Athens: most at noon, none on Sundays, one row an interval."""
    random, rows, at = np.random.default_rng(3), ["start,calls"], first
    while at < first + timedelta(days=days):
        local = at.astimezone(ATHENS)
        mean = 0 if local.weekday() == 6 else busy * np.exp(-(((local.hour - 12) / 4) ** 2))
        rows.append(f"{at.astimezone(ATHENS).isoformat()},{random.poisson(mean)}")
        at += timedelta(hours=every)
    file.write_text("\n".join(rows) + "\n")
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return volumes(tmp_path / "calls.csv", first=datetime(2026, 1, 4, 22, tzinfo=UTC), days=49)


def test_the_document_holds_what_is_promised(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, file, *ASKED, "--zone", "Europe/Athens")
    assert {"method", "source", "every", "models", "chosen", "forecast"} <= set(found)
    assert {"model", "mase", "smape", "coverage"} <= set(found["models"][0])
    assert found["chosen"] in {one["model"] for one in found["models"]}
    assert (found["every"], found["n_intervals"], len(found["forecast"])) == (10_800, 49 * 8, 16)
    first = found["forecast"][0]
    assert first["time"] == "2026-02-23T00:00:00+02:00"
    noon = found["forecast"][4]
    assert noon["low"] < noon["value"] < noon["high"]
    assert noon["value"] == pytest.approx(30, abs=8)
    assert [one["date"] for one in found["days"]] == ["2026-02-23", "2026-02-24"]
    assert found["days"][0]["peak"]["time"] == "12:00"


def test_an_end_at_which_hardly_anything_comes_is_told(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, *rows = file.read_text().splitlines()
    cut = next(at for at, row in enumerate(rows) if row.startswith("2026-02-09"))
    ended = tmp_path / "ended.csv"
    ended.write_text("\n".join([head, *rows[:cut], *(row.rsplit(",", 1)[0] + ",0" for row in rows[cut:])]))
    asked = ("--zone", "Europe/Athens")
    run(ended, *ASKED, *asked)
    said = " ".join(capsys.readouterr().out.split())
    assert "Since 2026-02-0" in said
    assert "--until 2026-02-0" in said
    assert told(capsys, ended, *ASKED, *asked)["thin_since"].startswith("2026-02-0")
    assert told(capsys, file, *ASKED, *asked)["thin_since"] is None


def test_rows_of_a_part_of_one_interval_are_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text("start\n2026-01-01T10:00:00\n2026-01-01T11:00:00\n")
    with pytest.raises(RegardError, match="fill no whole interval"):
        run(file, "--time", "start", "--every", "1d", "--horizon", "7d")


def test_a_person_reads_the_models_and_what_comes(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture, out = tmp_path / "f.svg", tmp_path / "f.csv"
    run(file, *ASKED, "--zone", "Europe/Athens", "--svg", picture, "--out", out)
    said = capsys.readouterr().out
    assert "foretold the past best" in said
    assert "seasonal naive" in said
    assert "95% intervals" in picture.read_text()
    lines = out.read_text().splitlines()
    assert (lines[0], len(lines)) == ("time,value,low,high", 17)


def test_noon_stays_noon_when_the_clock_is_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The clock goes forward on 29 March, within the horizon.
    file = volumes(tmp_path / "c.csv", first=datetime(2026, 1, 25, 22, tzinfo=UTC), days=61, every=1)
    found = told(
        capsys, file, "--time", "start", "--value", "calls", "--every", "1h", "--horizon", "4d", "--zone",
        "Europe/Athens",
    )  # fmt: skip
    rows = {one["time"]: one["value"] for one in found["forecast"]}
    assert len(rows) == 95
    assert "2026-03-29T03:00:00+03:00" not in rows
    assert "2026-03-29T04:00:00+03:00" in rows
    assert rows["2026-03-30T12:00:00+03:00"] > rows["2026-03-30T08:00:00+03:00"]
    assert max(rows, key=lambda time: rows[time])[11:16] in ("11:00", "12:00", "13:00")


def test_events_are_counted_and_the_interval_that_still_runs_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random, rows, at = np.random.default_rng(4), ["at"], datetime(2026, 1, 1, 0, 7, tzinfo=UTC)
    while at < datetime(2026, 2, 10, 6, 30, tzinfo=UTC):
        rows.append(at.isoformat())
        at += timedelta(hours=float(random.exponential(0.5 if at.hour >= 12 else 2.0)))
    rows.append("2026-02-10T06:20:00+00:00")
    file = tmp_path / "events.csv"
    file.write_text("\n".join(rows) + "\n")
    asked = (file, "--time", "at", "--every", "6h", "--horizon", "2d")
    found = told(capsys, *asked)
    assert (found["from"], found["until"]) == ("2026-01-01T06:00:00+00:00", "2026-02-10T06:00:00+00:00")
    assert found["n_gaps"] == 0
    assert told(capsys, *asked, "--until", "2026-02-09")["until"] == "2026-02-09T00:00:00+00:00"


def test_holidays_of_a_country_and_of_a_file_are_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, days = tmp_path / "days.csv", tmp_path / "special.csv"
    random, rows = np.random.default_rng(5), ["day,n"]
    for place in range(400):
        day = datetime(2024, 11, 1, tzinfo=UTC) + timedelta(days=place)
        mean = 400.0 if day.weekday() < 5 else 100
        if (day.month, day.day) in ((12, 25), (12, 26), (1, 1), (1, 6)):
            mean /= 5
        rows.append(f"{day:%Y-%m-%d},{random.poisson(mean)}")
    file.write_text("\n".join(rows) + "\n")
    days.write_text("date,name\n2024-12-25,Christmas\n2024-12-26,Christmas\n2025-12-25,Christmas\n")
    asked = (file, "--time", "day", "--value", "n", "--every", "1d", "--horizon", "28d", "--holidays")
    for given in ("GR", days):
        found = told(capsys, *asked, given)
        rows_ahead = {one["time"][:10]: one["value"] for one in found["forecast"]}
        assert rows_ahead["2025-12-25"] < 0.5 * rows_ahead["2025-12-18"]
        assert any("Christmas" in one["name"] and one["n"] >= 1 for one in found["special_days"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--every", "-30m"), "no length of time"),
        (("--horizon", "-7d"), "no length of time"),
        (("--every", "7m"), "divide a day"),
        (("--horizon", "1h"), "is 0 intervals"),
        (("--horizon", "40w", "--every", "15m"), "1 to 4,000"),
        (("--holidays", "XX"), "not known"),
        (("--holidays", "none.csv"), "none.csv"),
        (("--zone", "Athens"), "no time zone"),
        (("--confidence", "95"), "share from 0.5"),
        (("--until", "soon"), "no time"),
        (("--until", "2020-01-01"), "before --until"),
        (("--value", "call"), "Did you mean 'calls'"),
        (("--as", "mean", "--empty", "zero"), "No row has no mean"),
        (("--horizon", "60d"), "Give a longer past"),
    ],
)
def test_what_cannot_be_is_refused_with_a_word_on_what_to_do(
    file: Path, given: tuple[str, ...], said: str
) -> None:
    with pytest.raises(RegardError, match=said):
        run(file, *ASKED, *(f"{one}" for one in given)) if given[1][0] != "-" else run(
            file, *ASKED, f"{given[0]}={given[1]}"
        )


def days(values: list[str]) -> str:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    return "".join(f"{first + timedelta(days=place):%Y-%m-%d},{one}\n" for place, one in enumerate(values))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "no rows below"),
        (days(["1", "2"]), "There are 2 intervals"),
        (days(["5"] * 60), "nothing to foretell but that"),
        (days([""] * 60), "empty in every whole interval"),
        (days(["1", "inf"] * 30), "inf"),
        ("".join(f"-{place},4\n" for place in range(1, 60)), "needs a time"),
        ("0001-01-01,4\n9999-12-31,5\n", "1970 to 2200|before 1800"),
        (days([str(10**13 + place) for place in range(60)]), "stay below"),
    ],
)
def test_rows_that_cannot_be_are_refused(tmp_path: Path, rows: str, said: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("day,n\n" + rows)
    with pytest.raises(RegardError, match=said):
        run(file, "--time", "day", "--value", "n", "--every", "1d", "--horizon", "7d")
