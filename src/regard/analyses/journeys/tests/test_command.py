"""`regard journeys` as somebody with a file uses it, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from regard.analyses.tests.running import Command
from regard.analytics.journeys.tests.running_example import as_csv
from regard.kernel.errors import RegardError

COLUMNS = ("--case", "case", "--activity", "activity", "--time", "time")


COMMAND = Command("journeys")
run, told = COMMAND.run, COMMAND.told


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


DESIGN = """# how a request is meant to go
register request
(examine thoroughly | examine casually) & check ticket
decide
pay compensation | reject request
"""


def test_what_goes_otherwise_than_designed_is_counted_timed_and_priced(
    requests: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "designed.txt"
    model.write_text(DESIGN)
    found = told(capsys, requests, *COLUMNS, "--model", model, "--amount", "cost")
    assert found["conforming_share"] == pytest.approx(4 / 6)
    again = {one["activity"]: one for one in found["conformance"]["deviations"]}["reinitiate request"]
    assert (again["kind"], again["n"], again["n_cases"], again["amount"]) == ("not in the design", 3, 2, 600)
    # To the next events: 48 minutes, 2 days 22 hours 15 minutes, and 20 hours 18 minutes.
    assert again["seconds"] == 2_880 + 252_900 + 73_080
    assert "alignment" in found["method"]


def test_a_model_that_says_nothing_is_refused(requests: Path, tmp_path: Path) -> None:
    model = tmp_path / "designed.txt"
    for content, reason in (
        ("# nothing\n", "names no step"),
        ("decided\n", "mean 'decide'"),
        ("a & \n", "lacks an activity"),
    ):
        model.write_text(content)
        with pytest.raises(RegardError, match=reason):
            run(requests, *COLUMNS, "--model", model)
    with pytest.raises(RegardError, match="cannot be read"):
        run(requests, *COLUMNS, "--model", tmp_path / "none.txt")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """200 orders: those of the app are paid more often; whoever calls twice mostly leaves."""
    rows = ["case,activity,time,channel,segment,gone"]
    for case in range(200):
        segment = "app" if case % 2 else "web"
        path = ["visit", "cart"] + (["pay"] if case % 2 or case % 8 == 0 else [])
        path += ["call", "call"] if case % 5 == 0 else []
        path += ["leave"] if case % 5 == 0 and case % 3 else []
        for at, step in enumerate(path):
            channel = ("phone" if at % 2 else "email") if step == "call" else ""
            gone = "yes" if step == "leave" else ""
            rows.append(f"{case},{step},2026-01-{1 + case % 28:02} {at:02}:00:00,{channel},{segment},{gone}")
    file = tmp_path / "shop.csv"
    file.write_text("\n".join([*rows, ""]))
    return file


def test_a_funnel_is_told_with_its_segments(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--step", "visit", "--step", "pay/3h", "--within", "1d", "--segment", "segment")
    found = told(capsys, shop, *COLUMNS, *given)
    assert [one["n"] for one in found["funnel"]["steps"]] == [200, 125]
    assert found["funnel"]["steps"][1]["median_seconds_since_before"] == 7200
    app = next(one for one in found["funnel_segments"] if one["segment"] == "app")
    assert app["difference"] == pytest.approx(0.75)
    assert app["p"] < 0.001


@pytest.mark.parametrize("given", [("--outcome-step", "leave"), ("--outcome", "gone")])
def test_what_goes_with_an_outcome_is_told(
    given: tuple[str, str], shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, shop, *COLUMNS, *given)["outcome"]
    paths = {tuple(one["path"]): one for one in found["sub_paths"]}
    assert paths["call", "call"]["n"] == 40
    assert paths["call", "call"]["lift"] == pytest.approx(5)
    assert (("leave",) in paths) == (given[0] == "--outcome")


def test_contacts_and_what_comes_next_are_told(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(
        capsys, shop, *COLUMNS, "--channel", "channel", "--ahead", "--done", "pay", "--done", "leave"
    )
    assert (found["contacts"]["n"], found["channel_hops"]["n"]) == (80, 40)
    assert found["contacts"]["repeated_share"] == 0.5
    assert found["ahead"]["n_finished"] < 200
    after = {one["activity"]: one for one in found["ahead"]["after"]}
    assert after["visit"]["next"] == [{"activity": "cart", "share": 1.0}]
    run(shop, *COLUMNS, "--channel", "channel", "--contact", "call", "--ahead", "--step", "visit", "--step", "pay",
        "--segment", "segment", "--outcome-step", "leave")  # fmt: skip
    said = capsys.readouterr().out
    assert "80 contacts of 40 cases" in said
    assert "association, not cause" in said


@pytest.mark.parametrize("end", ["xes", "jsonocel", "xmlocel"])
def test_a_log_that_was_written_gives_the_same_answer(
    end: str, requests: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is written here was also read by pm4py 2.7.23.11, with its 16 edges, and what that writes is read here."""
    out = tmp_path / f"log.{end}"
    found = told(capsys, requests, *COLUMNS, "--amount", "cost", "--out", out)
    again = told(capsys, out)
    assert again == found
    model = tmp_path / "designed.txt"
    model.write_text(DESIGN)
    priced = told(capsys, out, "--model", model, "--amount", "cost")["conformance"]
    assert priced == told(capsys, requests, *COLUMNS, "--model", model, "--amount", "cost")["conformance"]


def test_equal_times_stand_as_in_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "events.csv"
    file.write_text("case,activity,time\n1,b,2026-01-02\n1,c,2026-01-01\n1,a,2026-01-02\n")
    found = told(capsys, file, *COLUMNS)
    assert found["variants"] == [{"path": ["c", "b", "a"], "n": 1}]
    assert [(one["from"], one["to"], one["mean_seconds"]) for one in found["directly_follows"]] == [
        ("b", "a", 0.0),
        ("c", "b", 86_400.0),
    ]


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


def test_of_a_plain_file_the_columns_must_be_named(requests: Path) -> None:
    with pytest.raises(RegardError, match="--case, --activity and --time"):
        run(requests, "--case", "case")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (("--variants", "many"), "whole number"),
        (("--case", "activity"), "named twice"),
        (("--step", "decide"), "two steps"),
        (("--out", "log.pdf"), "must end in .xes"),
        (("--out", "none/there/log.xes"), "cannot be written"),
        (("--step", "decide", "--step", "fly"), "'fly' never happens"),
        (("--step", "decide", "--step", "decide/soon"), "no length of time"),
        (("--outcome-step", "decided"), "mean 'decide'"),
        (("--outcome", "cost=7000"), "None of the cases have the outcome"),
        (("--outcome-step", "decide", "--longest", "0"), "All of the cases|1 to 8"),
        (("--ahead",), "Only 6 cases are finished"),
        (("--channel", "nothing"), "There is no column"),
        (("--channel", "cost", "--contact", "fly"), "There is no activity"),
    ],
)
def test_what_cannot_be_asked_is_refused(requests: Path, given: tuple[str, ...], reason: str) -> None:
    with pytest.raises(RegardError, match=reason):
        run(requests, *COLUMNS, *given)
