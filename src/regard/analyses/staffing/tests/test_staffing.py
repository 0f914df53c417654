"""The command: what it tells of one interval and of a day, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.analytics.queues.erlang_c import erlang_c
from regard.analytics.queues.offered import Offered
from regard.kernel.errors import InvalidInput

STAFFING = Command("staffing")
run, answer = STAFFING.run, STAFFING.told
ASKED = ("--calls", "120", "--per", "30m", "--aht", "300", "--target", "0.8/20", "--shrinkage", "0.3")


def test_the_agents_and_whom_to_schedule_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, *ASKED)
    assert (found["model"], found["agents"], found["scheduled"]) == ("erlang-c", 25, 36)
    assert found["service_level"] == pytest.approx(0.850, abs=5e-4)
    assert found["one_fewer"]["agents"] == 24
    assert found["one_fewer"]["service_level"] < 0.8
    assert {"occupancy", "p_wait", "mean_wait_seconds", "p_abandon", "method", "source"} <= set(found)


def test_a_patience_makes_it_erlang_a(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, *ASKED, "--patience", "120")
    assert (found["model"], found["agents"], found["scheduled"]) == ("erlang-a", 22, 32)
    assert found["p_abandon"] == pytest.approx(0.064, abs=5e-3)
    assert answer(capsys, *ASKED, "--patience", "120", "--model", "erlang-c")["agents"] == 25


def test_too_few_agents_are_unstable(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, *ASKED, "--agents", "20")
    assert found["status"] == "unstable"
    assert found["service_level"] is None
    run(*ASKED, "--agents", "20")
    assert "Unstable: 20 agents" in capsys.readouterr().out


def test_a_person_reads_a_sentence_and_one_fewer(capsys: pytest.CaptureFixture[str]) -> None:
    run(*ASKED)
    said = capsys.readouterr().out
    assert "25 agents answer 85.0% within 20 seconds (asked: 80%); 36 must be scheduled" in said
    assert "one fewer" in said


def test_nobody_calls_and_nobody_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "--calls", "0", "--aht", "300")["agents"] == 0


def test_a_bound_on_occupancy_asks_for_more(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "--calls", "3000", "--aht", "300", "--max-occupancy", "0.85")
    assert found["occupancy"] <= 0.85
    assert found["agents"] == 589


DAY = "start,forecast,low,high,aht\n09:00,100,80,120,300\n09:30,120,100,160,300\n10:00,0,0,0,300\n"


def test_a_day_is_staffed_from_its_forecast_with_its_uncertainty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "day.csv"
    file.write_text(DAY)
    given = (str(file), "--calls", "forecast", "--time", "start", "--aht", "aht", "--shrinkage", "0.3")
    found = answer(capsys, *given, "--low", "low", "--high", "high")
    intervals = found["intervals"]
    assert [one["interval"] for one in intervals] == ["09:00", "09:30", "10:00"]
    assert [one["agents"] for one in intervals] == [21, 25, 0]
    assert [one["scheduled"] for one in intervals] == [30, 36, 0]
    assert all(one["agents_low"] <= one["agents"] <= one["agents_high"] for one in intervals)
    assert found["agent_hours"] == 23
    run(*given)
    assert "At most 25 agents at once" in capsys.readouterr().out


def test_a_day_of_too_few_says_where_it_is_unstable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "day.csv"
    file.write_text(DAY)
    run(str(file), "--calls", "forecast", "--aht", "300", "--agents", "18")
    assert "Unstable in 1 intervals" in capsys.readouterr().out


def test_a_person_reads_times_of_the_clock_and_who_hangs_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "f.csv"
    file.write_text(FORECAST + "2026-03-02T10:00:00+02:00,0,0,0\n")
    run("--forecast", file, "--aht", "300", "--patience", "120")
    said = capsys.readouterr().out
    assert "2026-03-02 09:30 " in said
    assert "hang up" in said
    assert "2026-03-02 10:00" not in said
    assert "nobody is needed, left out of the table: 1." in said


def ends(file: Path, calls: float, deviation: float) -> tuple[object, ...]:
    """A day of one forecast whose counts stray by so much."""
    low, high = calls - 1.959964 * deviation, calls + 1.959964 * deviation
    file.write_text("calls,low,high\n" + f"{calls},{low},{high}\n" * 2)
    return (file, "--calls", "calls", "--low", "low", "--high", "high", "--aht", "300")


def test_the_chance_of_single_calls_counts_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, *ends(tmp_path / "a.csv", 120, 120**0.5))
    assert found["service_level_expected"] == pytest.approx(found["service_level"], abs=1e-4)


@pytest.mark.parametrize("strays", [6.0, 15.0])
def test_the_service_to_expect_is_that_of_simulated_days(
    strays: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, *ends(tmp_path / "a.csv", 120, (120 + strays**2) ** 0.5))
    rates = np.random.default_rng(1).normal(120, strays, 20_000)
    served = erlang_c(Offered.of(rates / 1800, 300.0), found["intervals"][0]["agents"], within=20)
    level = np.where(served.stable, served.within, 0.0)
    assert found["service_level_expected"] == pytest.approx(float(np.average(level, weights=rates)), abs=0.01)
    assert found["service_level_expected"] < found["service_level"]


def test_the_ends_of_a_forecast_are_as_sure_as_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [dict(zip(FORECAST.split()[0].split(","), FORECAST.split()[1].split(","), strict=True))]
    rows.append(rows[0] | {"time": "2026-03-02T09:30:00+02:00"})
    said = []
    for confidence in (0.8, 0.95):
        file = tmp_path / f"{confidence}.json"
        file.write_text(json.dumps({"forecast": rows, "confidence": confidence}))
        said.append(answer(capsys, "--forecast", file, "--aht", "300")["service_level_expected"])
    assert said[0] < said[1]


FORECAST = (
    "time,value,low,high\n2026-03-02T09:00:00+02:00,100,80,120\n2026-03-02T09:30:00+02:00,120,100,160\n"
)


def test_a_forecast_is_staffed_with_what_it_leaves_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, document, picture = tmp_path / "f.csv", tmp_path / "f.json", tmp_path / "f.svg"
    file.write_text(FORECAST)
    rows = [
        dict(zip(FORECAST.split()[0].split(","), line.split(","), strict=True))
        for line in FORECAST.split()[1:]
    ]
    document.write_text(json.dumps({"forecast": rows}))
    found = answer(capsys, "--forecast", str(file), "--aht", "300", "--svg", str(picture))
    assert answer(capsys, "--forecast", str(document), "--aht", "300") == found
    assert [one["agents"] for one in found["intervals"]] == [21, 25]
    assert [one["interval"] for one in found["intervals"]] == [row["time"] for row in rows]
    for one in found["intervals"]:
        assert one["agents_low"] < one["agents"] < one["agents_high"]
        assert one["one_fewer"] < 0.8 <= one["service_level"]
        assert one["service_level_expected"] < one["service_level"]
    assert "the band is what the ends" in picture.read_text()


def test_agents_with_several_chats_are_fewer_but_not_as_many_times_fewer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ("--calls", "90", "--aht", "480")
    alone = answer(capsys, *asked)["agents"]
    found = answer(capsys, *asked, "--at-once", "3", "--slower", "0.3")
    assert alone / 3 < found["agents"] < alone
    run(*asked, "--at-once", "3", "--slower", "0.3")
    assert "Busy is who has one chat at least" in capsys.readouterr().out
    assert found["one_fewer"]["service_level"] < 0.8 <= found["service_level"]
    assert "side" in found["method"] or "several" in found["method"]
    held_up = answer(capsys, *asked, "--at-once", "2", "--slower", "1", "--patience", "90")
    assert held_up["agents"] <= answer(capsys, *asked, "--patience", "90")["agents"] + 1


def test_a_queue_is_carried_over_to_the_next_interval(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "day.csv"
    file.write_text("start,n\n09:00,60\n09:30,150\n10:00,60\n")
    given = (str(file), "--calls", "n", "--aht", "300", "--time", "start")
    steady, carried = answer(capsys, *given), answer(capsys, *given, "--carry-over")
    assert [one["agents"] for one in steady["intervals"]] == [14, 30, 14]
    agents = [one["agents"] for one in carried["intervals"]]
    assert agents[0] <= 14 <= agents[2]
    for one in carried["intervals"]:
        assert one["one_fewer"] < 0.8 <= one["service_level"]
    assert "uniformisation" in carried["method"]
    short = answer(capsys, *given, "--agents", "21", "--carry-over")["intervals"]
    assert short[2]["service_level"] < 0.8  # though 21 would be plenty by then


def test_what_one_interval_needs_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "i.svg"
    run(*ASKED, "--svg", str(picture))
    assert "within 20 seconds" in picture.read_text()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("time,value,low\n1,2,3\n", "no column 'high'"),
        ("time,value,low,high\n2026-01-01T00:00,1,1,1\n", "one interval"),
        ("time,value,low,high\nsoon,1,1,1\nlater,1,1,1\n", "needs times"),
        ("time,value,low,high\n2026-01-02,1,1,1\n2026-01-01,1,1,1\n", "follow each other"),
        ("time,value,low,high\n2026-01-01,1,1,1\n2026-01-02,,1,1\n", "empty in 1 rows"),
    ],
)
def test_what_is_no_forecast_is_refused(tmp_path: Path, rows: str, said: str) -> None:
    file = tmp_path / "f.csv"
    file.write_text(rows)
    with pytest.raises(InvalidInput, match=said):
        run("--forecast", str(file), "--aht", "300")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--calls", "9", "--carry-over"), "follow each other"),
        (("--calls", "9", "--at-once", "1.5"), "whole number"),
        (("--calls", "9", "--slower", "0.3"), "goes with --at-once"),
        (("--calls", "9", "--at-once", "3", "--slower", "2"), "share from 0 to 1"),
        ((), "Say what comes"),
        (("--calls", "9", "--forecast", "f.csv"), "one of the four"),
        (("--forecast", "f.csv", "--low", "low"), "its own columns"),
        (("--forecast", "none.json"), "none.json"),
        (("--calls", "0", "--svg", "x.svg"), "nothing to draw"),
        (("--calls", "many"), "needs a number"),
        (("--calls", "inf"), "needs a number"),
        (("--calls", "-5"), "0 or more"),
        (("--calls", "1e13"), "million Erlangs"),
        (("--calls", "9", "--aht", "0"), "length of time"),
        (("--calls", "9", "--per", "half"), "30m"),
        (("--calls", "9", "--target", "80/20"), "0.8 or 80%"),
        (("--calls", "9", "--target", "0.8"), "0.8/20"),
        (("--calls", "9", "--agents", "2.5"), "whole number"),
        (("--calls", "9", "--model", "erlang-a"), "--patience"),
        (("--calls", "9", "--shrinkage", "1"), "--shrinkage"),
        (("--calls", "9", "--max-occupancy", "85"), "--max-occupancy"),
        (("--calls", "9", "--low", "low"), "give the file"),
        (("none.csv", "--calls", "forecast"), "none.csv"),
    ],
)
def test_what_cannot_be_is_refused_with_a_word_on_what_to_do(given: tuple[str, ...], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        run("--aht", "300", *given)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "empty"),
        ("n,low\n", "no rows"),
        ("n,low\n1,\n,1\n", "empty in 1 rows"),
        ("n,low\nfew,1\n", "few"),
        ("n,low\ninf,1\n", "inf"),
        ("n,low\n-3,-4\n", "0 or more"),
        ("n,low\n3,4\n", "between"),
        ("m,low\n3,4\n", "no column 'n'"),
    ],
)
def test_a_day_that_cannot_be_is_refused(tmp_path: Path, rows: str, said: str) -> None:
    file = tmp_path / "day.csv"
    file.write_text(rows)
    with pytest.raises(InvalidInput, match=said):
        run(str(file), "--calls", "n", "--low", "low", "--aht", "300")
