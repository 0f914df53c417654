"""`regard journeys` as somebody with a file uses it, and what it refuses."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from regard.analyses.journeys.command import register
from regard.analytics.journeys.tests.running_example import as_csv
from regard.kernel.errors import RegardError

COLUMNS = ("--case", "case", "--activity", "activity", "--time", "time")


def run(*given: object) -> None:
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    args = parser.parse_args(["journeys", *(str(one) for one in given)])
    assert args.run(args) == 0


def told(capsys: pytest.CaptureFixture[str], *given: object) -> dict[str, Any]:
    run(*given, "--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture
def requests(tmp_path: Path) -> Path:
    file = tmp_path / "requests.csv"
    file.write_text(as_csv())
    return file


def test_the_document_holds_what_is_promised(requests: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, requests, *COLUMNS)
    assert (found["n_cases"], found["n_events"], found["n_variants"]) == (6, 42, 6)
    assert sum(one["n"] for one in found["variants"]) == 6
    assert ["register request", "check ticket", "examine casually", "decide", "pay compensation"] in [
        one["path"] for one in found["variants"]
    ]
    assert len(found["directly_follows"]) == 16
    assert found["directly_follows"][0] == {
        "from": "check ticket",
        "to": "decide",
        "n": 6,
        "median_seconds": 129_300.0,
        "mean_seconds": 181_960.0,
    }
    assert found["start"] == {"register request": 6}
    assert found["end"] == {"pay compensation": 3, "reject request": 3}
    assert found["conforming_share"] is None
    assert {"method", "source"} <= set(found)


def test_a_parquet_file_gives_what_the_csv_gives(
    requests: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parquet = tmp_path / "requests.parquet"
    duckdb.connect().execute(f"COPY (FROM read_csv('{requests}')) TO '{parquet}' (FORMAT parquet)")
    assert told(capsys, parquet, *COLUMNS) == told(capsys, requests, *COLUMNS)


def test_the_same_rows_in_another_order_give_the_same_answer(
    requests: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, *rows = as_csv().splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([head, *sorted(rows, key=lambda row: row.split(",")[::-1]), ""]))
    assert told(capsys, turned, *COLUMNS) == told(capsys, requests, *COLUMNS)


def test_a_person_reads_the_ways_and_where_time_passes(
    requests: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "graph.svg"
    run(requests, *COLUMNS, "--svg", picture)
    said = capsys.readouterr().out
    assert "6 cases with 42 events took 6 ways" in said
    assert "27% of the time between events passes from 'decide' to 'pay compensation'" in said
    assert "'check ticket' is done again in 33% of the 6 cases that have it" in said
    drawn = picture.read_text()
    assert drawn.count('class="box"') == 8
    assert drawn.count("marker-end") == 16


def test_only_as_many_ways_are_listed_as_wanted(requests: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, requests, *COLUMNS, "--variants", "2")
    assert len(found["variants"]) == 2
    assert found["variants_left_out"] == {"n_variants": 4, "n_cases": 4}
    assert len(told(capsys, requests, *COLUMNS, "--variants", "all")["variants"]) == 6


def test_rows_that_tell_of_no_event_are_left_out_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "events.csv"
    file.write_text(
        "case,activity,time\n1,a,2026-01-01\n,a,2026-01-01\n1,,2026-01-02\n1,b,\n1,b,2026-01-05\n"
    )
    found = told(capsys, file, *COLUMNS)
    assert (found["n_events"], found["n_left_out"]) == (2, 3)


REFUSED = {
    "empty": ("", "is empty"),
    "header": ("case,activity,time\n", "no rows"),
    "missing": ("case,activity,time\n,,\n,,\n", "empty"),
    "nobody": ("case,activity,time\n,a,2026-01-01\n,b,2026-01-02\n", "No row names a case"),
    "one activity": ("case,activity,time\n1,a,2026-01-01\n1,a,2026-01-02\n", "tells steps apart"),
    "two rows": ("case,activity,time\n1,a,2026-01-01\n2,b,2026-01-02\n", "nothing follows anything"),
    "no time": ("case,activity,time\n1,a,1e12\n1,b,infinite\n", "needs a time"),
    "negative time": ("case,activity,time\n1,a,-5\n1,b,-3\n", "needs a time"),
    "no column": ("who,activity,time\n1,a,2026-01-01\n", "There is no column 'case'"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_without_an_honest_answer_is_refused(what: str, tmp_path: Path) -> None:
    content, reason = REFUSED[what]
    file = tmp_path / "events.csv"
    file.write_text(content)
    with pytest.raises(RegardError, match=reason):
        run(file, *COLUMNS)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (("--variants", "many"), "whole number"),
        (("--case", "activity"), "named twice"),
    ],
)
def test_what_cannot_be_asked_is_refused(requests: Path, given: tuple[str, ...], reason: str) -> None:
    with pytest.raises(RegardError, match=reason):
        run(requests, *COLUMNS, *given)
