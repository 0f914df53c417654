"""`regard sentiment` as somebody with a file uses it; the comments are made up here, no customer's words."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from regard.analyses.sentiment.document import measured
from regard.analyses.tests.running import Command
from regard.analytics.words.agreement import agreement
from regard.analytics.words.sentiment import tell_feelings
from regard.kernel.errors import RegardError

SENTIMENT = Command("sentiment")
run = SENTIMENT.run
REAL = Path(os.environ.get("REGARD_REAL_DATA", "nowhere"))
COMMENTS = [
    "The driver was friendly and very helpful.",
    "What a terrible, awful mess. I waited for hours.",
    "Obsługa była bardzo miła i pomocna.",
    "Απαράδεκτη και πολύ κακή εξυπηρέτηση.",
    "Սպասարկումը վատ էր։",
    "Wo bleibt mein Paket, ich warte schon seit Montag",
    "",
]


def write(file: Path, texts: list[str], *more: list[object]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as opened:
        heads = ["words", "score"][: 1 + len(more)]
        csv.writer(opened, quoting=csv.QUOTE_ALL).writerows([heads, *zip(texts, *more, strict=True)])
    return file


@pytest.fixture
def comments(tmp_path: Path) -> Path:
    return write(tmp_path / "comments.csv", COMMENTS)


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert run(*arguments, "--text", "words", "--json") == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_shares_stand_with_their_interval_and_n(comments: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, comments)
    assert (document["n"], document["n_told"], document["n_without_words"]) == (7, 5, 1)
    for key in ("negative", "neutral", "positive", "score"):
        assert document[f"{key}_low"] <= document[key] <= document[f"{key}_high"]
    assert (document["negative"], document["positive"]) == (3 / 5, 2 / 5)
    assert document["method"]
    assert document["source"]


def test_armenian_is_unmeasured_and_says_so(comments: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {one["language"]: one for one in told(capsys, comments)["languages"]}
    assert found["hy"]["measured"] == "unmeasured"
    assert found["en"]["measured"]["macro_f1"] > 0.6
    assert found["unknown"] == {**found["unknown"], "n": 2, "negative": None, "score": None}
    run(comments, "--text", "words")
    assert "Armenian is told by a list of words and is unmeasured" in capsys.readouterr().out.replace(
        "\n", " "
    )


def test_only_languages_that_may_occur_are_told(comments: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, comments, "--languages", "pl, en")
    assert sorted(one["language"] for one in document["languages"]) == ["en", "pl", "unknown"]
    with pytest.raises(RegardError, match="eng"):
        run(comments, "--text", "words", "--languages", "eng")


def test_each_text_is_written_with_the_words_that_made_its_verdict(comments: Path, tmp_path: Path) -> None:
    out = tmp_path / "told.parquet"
    assert run(comments, "--text", "words", "--out", out) == 0
    rows = duckdb.execute(f"SELECT row, language, sentiment, word_1, effort, chance FROM '{out}'").fetchall()
    assert [one[0] for one in rows] == list(range(1, 8))
    assert [one[2] for one in rows] == ["positive", "negative", "positive", "negative", "negative", "", ""]
    assert rows[1][3] in COMMENTS[1]
    assert rows[1][4] == 1.0
    assert rows[4][5] is None


def test_aspects_are_what_many_name_and_not_the_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = ["The delivery was terrible", "Terrible delivery, wonderful coffee", "I love the coffee"] * 20
    found = {one["aspect"]: one for one in told(capsys, write(tmp_path / "a.csv", texts))["aspects"]}
    assert set(found) == {"delivery", "coffee"}
    assert found["delivery"]["n"] == found["coffee"]["n"] == 40
    assert found["delivery"]["score_high"] < 0 < found["coffee"]["score_low"]


def test_the_picture_shows_aspects(tmp_path: Path) -> None:
    picture = tmp_path / "a.svg"
    texts = write(tmp_path / "a.csv", ["The delivery was terrible"] * 20)
    assert run(texts, "--text", "words", "--svg", picture) == 0
    assert "delivery (20)" in picture.read_text()


def test_few_texts_in_one_language_are_drawn_by_language(tmp_path: Path, comments: Path) -> None:
    picture = tmp_path / "a.svg"
    assert run(comments, "--text", "words", "--svg", picture) == 0
    assert "en (2)" in picture.read_text()


@pytest.mark.parametrize(
    ("texts", "more", "said"),
    [
        (["", ""], (), "holds no words"),
        (["4711", "?!"], (), "holds no words"),
        (["fine"], ("--scale", "nps"), "--score COL"),
        (["fine"], ("--predict", "other.csv"), "--score COL"),
        (["fine"], ("--out", "told.txt"), ".parquet or .csv"),
        (["fine"], ("--languages", ","), "No language"),
    ],
)
def test_what_cannot_be_told_is_refused_with_what_to_do(
    tmp_path: Path, texts: list[str], more: tuple[str, ...], said: str
) -> None:
    with pytest.raises(RegardError, match=said):
        run(write(tmp_path / "a.csv", texts), "--text", "words", *more)


def test_an_unknown_column_or_an_empty_file_is_refused(tmp_path: Path, comments: Path) -> None:
    with pytest.raises(RegardError, match="words"):
        run(comments, "--text", "word")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(RegardError, match="empty"):
        run(tmp_path / "empty.csv", "--text", "words")


def test_a_file_in_one_language_that_is_not_known_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        run(write(tmp_path / "a.csv", ["Wo bleibt mein Paket, ich warte schon"] * 3), "--text", "words") == 0
    )
    assert "none is in a language that is known here" in capsys.readouterr().out


@pytest.mark.long
@pytest.mark.skipif(
    not REAL.exists(), reason="REGARD_REAL_DATA names no folder with xed_emotions and cfpb_narratives_1000"
)
def test_real_complaints_are_told_as_negative(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(REAL / "cfpb_narratives_1000" / "cfpb_narratives_1000.csv", "--text", "narrative", "--json") == 0
    )
    document = json.loads(capsys.readouterr().out)
    assert document["negative"] > 0.8
    assert document["positive"] < 0.06


@pytest.mark.long
@pytest.mark.skipif(
    not REAL.exists(), reason="REGARD_REAL_DATA names no folder with xed_emotions and cfpb_narratives_1000"
)
@pytest.mark.parametrize("language", ["el", "pl", "ru"])
def test_real_sentences_that_were_never_learnt_from_are_told_as_is_said(language: str) -> None:
    """Sentences whose MD5 begins with a byte below 52 (see scripts/learn_sentiment.py); F1 of positive and negative."""
    texts, truth = [], []
    with gzip.open(
        REAL / "xed_emotions" / f"{language}-projections.csv.gz", "rt", encoding="utf-8", newline=""
    ) as file:
        for row in csv.DictReader(file):
            emotions = set(row["emotions"].split(","))
            good, bad = bool(emotions & {"2", "5", "8"}), bool(emotions & {"1", "3", "4", "6"})
            if (
                good != bad
                and hashlib.md5(row["text"].encode()).digest()[0] < 52
                and row["text"] not in texts
            ):
                texts.append(row["text"])
                truth.append("good" if good else "bad")
    chances = tell_feelings(texts, [language]).chances
    found = ["good" if one > 0 else "bad" for one in chances[:, 2] - chances[:, 0]]
    said = measured()[language]
    assert len(texts) == pytest.approx(said["n"], abs=5)
    # Sentences are told one by one here and as one text there.
    assert agreement(truth, found).macro_f1 == pytest.approx(said["macro_f1_of_two"], abs=0.02)
