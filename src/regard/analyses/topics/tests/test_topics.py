"""`regard topics` as somebody with a file uses it; the texts are made up, no customer's words."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.analytics.words.tests.test_topics import made
from regard.kernel.errors import RegardError

TOPICS = Command("topics")
run = TOPICS.run


def write(file: Path, columns: dict[str, list[Any]]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened, quoting=csv.QUOTE_ALL).writerows(
            [list(columns), *zip(*columns.values(), strict=True)]
        )
    return file


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Those who write of a bill give 3 points less; in the last week everybody writes of a queue."""
    texts, topics = made(300)
    generator = np.random.default_rng(5)
    scores = [int(7 + generator.integers(0, 3) - 6 * (topic == "bill")) for topic in topics]
    days = [f"2026-01-{1 + at // 11:02d}" for at in range(300)]
    texts = [f"{text} queue" if day > "2026-01-25" else text for text, day in zip(texts, days, strict=True)]
    return write(tmp_path / "notes.csv", {"words": texts, "score": scores, "day": days})


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert run(*arguments, "--text", "words", "--json") == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_topics_stand_with_n_share_interval_stability_and_examples(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = told(capsys, notes, "--topics", 3)
    assert document["n"] == 300
    assert sum(one["n"] for one in document["topics"]) == document["n_with_topic"] > 290
    for one in document["topics"]:
        assert one["share_low"] < one["share"] == one["n"] / 300 < one["share_high"]
        assert 0 <= one["stability"] <= 1
        assert len(one["examples"]) == 2
    assert document == told(capsys, notes, "--topics", 3)


def test_a_topic_that_costs_points_is_told(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for scale in ("mean", "nps"):
        document = told(capsys, notes, "--topics", 3, "--score", "score", "--scale", scale)
        bill = min(document["topics"], key=lambda one: one["difference"])
        assert {"invoice", "billing", "fee", "statement", "overcharged"} & set(
            " ".join(bill["words"]).split()
        )
        assert bill["difference_high"] < 0
        assert bill["p_adjusted"] < 0.001
        assert bill["impact"] == pytest.approx(bill["n_scored"] / 300 * bill["difference"])


def test_what_is_new_of_late_is_told(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, notes, "--topics", 3, "--time", "day", "--latest", "3d")
    assert document["new"][0]["name"] == "queue"
    assert document["new"][0]["n_latest"] > document["new"][0]["expected"]
    assert document["false_alarm_rate"] == 0.05
    assert "alarm of any kind has a chance of at most 5%" in document["method"]


def test_one_customer_who_writes_often_is_no_news(
    notes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with notes.open() as file:
        rows = list(csv.DictReader(file))
    is_busy = [row["day"] > "2026-01-25" and at % 3 > 0 for at, row in enumerate(rows)]
    texts = [
        row["words"].replace("queue", "teapot" if busy else "")
        for row, busy in zip(rows, is_busy, strict=True)
    ]
    customers = ["one" if busy else f"c{at}" for at, busy in enumerate(is_busy)]
    columns = {"words": texts, "day": [row["day"] for row in rows], "customer": customers}
    file_ = write(tmp_path / "b.csv", columns)
    asked = ("--topics", 3, "--time", "day", "--latest", "3d")
    assert "teapot" in {one["name"] for one in told(capsys, file_, *asked)["new"]}
    together = told(capsys, file_, *asked, "--cluster", "customer")
    assert together["new"] == []
    assert "the last text counts" in together["method"]


def test_taught_topics_come_first_and_need_no_others(
    notes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taught = tmp_path / "topics.toml"
    taught.write_text('[[topic]]\nname = "money"\nkeywords = ["invoice", "overcharg*"]\n')
    document = told(capsys, notes, "--topics", 0, "--taught", taught)
    assert [(one["topic"], one["kind"], one["stability"]) for one in document["topics"]] == [
        ("money", "taught", None)
    ]
    with notes.open() as file:
        texts = [row["words"] for row in csv.DictReader(file)]
    assert document["topics"][0]["n"] == sum("invoice" in one or "overcharged" in one for one in texts)
    both = told(capsys, notes, "--topics", 3, "--taught", taught)["topics"]
    assert both[0] == document["topics"][0]
    assert [one["kind"] for one in both] == ["taught", "found", "found", "found"]


def test_topics_can_be_taught_by_a_table(
    notes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = {
        "topic": ["app", "app", "money"],
        "keyword": ["login", "", "invoice"],
        "example": ["", "screen crashes", ""],
    }
    document = told(capsys, notes, "--topics", 0, "--taught", write(tmp_path / "t.csv", rows))
    assert [one["topic"] for one in document["topics"]] == ["app", "money"]
    assert min(one["n"] for one in document["topics"]) > 20


def test_each_text_is_written_with_its_topic_and_the_picture_is_drawn(notes: Path, tmp_path: Path) -> None:
    out, picture = tmp_path / "told.parquet", tmp_path / "a.svg"
    assert (
        run(notes, "--text", "words", "--topics", 3, "--out", out, "--svg", picture, "--score", "score") == 0
    )
    assert duckdb.execute(f"SELECT count(*), count(DISTINCT topic), min(row) FROM '{out}'").fetchone() == (
        300,
        3,
        1,
    )
    assert "score against" in picture.read_text()
    assert run(notes, "--text", "words", "--topics", 3, "--svg", picture) == 0
    assert "% of texts" in picture.read_text()


@pytest.mark.parametrize(
    ("taught", "said"),
    [
        ("[[topic]]\nkeywords = ['a']", "has no name"),
        ("[[topic]]\nname = 'a'", "neither keywords nor examples"),
        ("[[topic]]\nname = 'a'\nkeyword = ['b']", "keyword"),
        ("[[topic]]\nname = 'a'\nkeywords = 'b'", "lists of texts"),
        ("topic = 3", r"\[\[topic\]\]"),
        ("[[topic", "no TOML"),
        ("", "No topic stands"),
    ],
)
def test_what_was_taught_wrongly_is_refused_with_what_to_do(
    notes: Path, tmp_path: Path, taught: str, said: str
) -> None:
    (tmp_path / "t.toml").write_text(taught)
    with pytest.raises(RegardError, match=said):
        run(notes, "--text", "words", "--taught", tmp_path / "t.toml")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--topics", 0), "--taught FILE"),
        (("--topics", 1), "at least two"),
        (("--topics", 200), "--topics N"),
        (("--score", "words"), "needs a number"),
        (("--score", "grade"), "grade"),
        (("--time", "day", "--latest", "1000d"), "no time before"),
        (("--time", "words"), "a time"),
        (("--taught", "nowhere.toml"), "cannot be read"),
        (("--out", "a.txt"), ".parquet or .csv"),
    ],
)
def test_what_cannot_be_told_is_refused_with_what_to_do(
    notes: Path, more: tuple[object, ...], said: str
) -> None:
    with pytest.raises(RegardError, match=said):
        run(notes, "--text", "words", *more)


def test_empty_scores_and_times_and_halves_on_nps_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", {"words": ["blue sky"] * 3, "score": [""] * 3, "half": [7.5, 8, 8.5]})
    for more, said in (
        (("--score", "score"), "empty"),
        (("--time", "score"), "empty"),
        (("--score", "half", "--scale", "nps"), "whole"),
    ):
        with pytest.raises(RegardError, match=said):
            run(file, "--text", "words", *more)


@pytest.mark.parametrize(
    ("scores", "said"),
    [([7] * 60, "says 7 in every row"), ([at % 7 * 1e12 for at in range(60)], "identifier")],
)
def test_a_score_that_is_always_the_same_or_too_large_is_refused(
    tmp_path: Path, scores: list[float], said: str
) -> None:
    file = write(tmp_path / "a.csv", {"words": made(60)[0], "score": scores})
    with pytest.raises(RegardError, match=said):
        run(file, "--text", "words", "--topics", 3, "--score", "score")


def test_texts_of_one_customer_tell_less(
    notes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with notes.open() as file:
        rows = list(csv.DictReader(file))
    columns = {name: [row[name] for row in rows] * 4 for name in ("words", "score")}
    often = write(
        tmp_path / "often.csv", columns | {"customer": [f"c{at % len(rows)}" for at in range(4 * len(rows))]}
    )
    asked = ("--topics", 3, "--score", "score")
    once, apart = told(capsys, notes, *asked), told(capsys, often, *asked)
    together = told(capsys, often, *asked, "--cluster", "customer")
    for one, four, same in zip(once["topics"], apart["topics"], together["topics"], strict=True):
        width, narrow, clustered = (
            {
                name: entry[f"{name}_high"] - entry[f"{name}_low"]
                for name in ("share", "score", "difference", "impact")
            }
            for entry in (one, four, same)
        )
        assert clustered == pytest.approx(width, rel=0.03)
        assert all(narrow[name] < 0.6 * clustered[name] for name in narrow)
    assert "counted together" in together["method"]
    assert "Binder" in together["source"]


@pytest.mark.parametrize("score", ["inf", "1e400", "-inf"])
def test_an_infinite_score_is_refused(tmp_path: Path, score: str) -> None:
    file = write(tmp_path / "a.csv", {"words": made(60)[0], "score": [score, *[7] * 59]})
    with pytest.raises(RegardError, match="needs a number"):
        run(file, "--text", "words", "--topics", 3, "--score", "score")


def test_two_rows_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", {"words": ["blue sky", "green field"]})
    with pytest.raises(RegardError, match="Give more texts"):
        run(file, "--text", "words")
