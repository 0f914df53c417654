"""`regard intents` as somebody with a file uses it; the small files are made up here, no customer's words."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path
from typing import Any

import pytest

from regard.analyses.tests.running import Command
from regard.analytics.words.tests.test_intents import made, spoken
from regard.kernel.errors import RegardError

REAL = Path(os.environ.get("REGARD_REAL_DATA", "nowhere")) / "multidogo"


COMMAND = Command("intents")
run = COMMAND.run


def write(file: Path, pairs: list[tuple[str, str]]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([("words", "wanted"), *pairs])
    return file


@pytest.fixture
def train(tmp_path: Path) -> Path:
    return write(tmp_path / "train.csv", [*zip(*made(90, 1), strict=True)])


@pytest.fixture
def test(tmp_path: Path) -> Path:
    return write(tmp_path / "test.csv", [*zip(*made(60, 2), strict=True)])


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    return COMMAND.told(capsys, *arguments, "--text", "words", "--label", "wanted")


def test_figures_stand_with_their_n_and_interval(
    train: Path, test: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = told(capsys, train, "--test", test, "--out-of-scope", "other")
    for key in ("accuracy", "in_scope_accuracy", "out_of_scope_recall"):
        assert document[f"{key}_low"] <= document[key] <= document[f"{key}_high"]
    assert document["accuracy"] > 0.9
    assert 0 <= document["threshold"] < 1
    assert sum(one["n"] for one in document["labels"]) == document["n"] == 60
    assert {"macro_f1", "calibration_error", "method", "source"} <= set(document)


def test_without_a_label_out_of_scope_there_is_no_threshold(
    train: Path, test: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = told(capsys, train, "--test", test)
    assert (document["threshold"], document["out_of_scope_recall"]) == (None, None)
    assert document["in_scope_accuracy"] == document["accuracy"]


def test_labels_never_learnt_count_as_wrong_and_are_named(
    train: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = [
        ("a refund", "refund"),
        ("my parcel", "delivery"),
        ("my bill is wrong", "invoice"),
        ("-", "other"),
    ]
    test = write(tmp_path / "few.csv", pairs)
    document = told(capsys, train, "--test", test)
    assert document["never_learnt"] == {"invoice": 1}
    assert document["n"] == 4
    run(train, "--test", test, "--text", "words", "--label", "wanted")
    assert "never learnt" in capsys.readouterr().out


def test_a_label_seen_once_is_left_out_and_named(
    tmp_path: Path, test: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = write(tmp_path / "one.csv", [*zip(*made(80, 1), strict=True), ("hm", "rare"), ("no label", "")])
    document = told(capsys, train, "--test", test)
    assert (document["seen_once"], document["n_train"]) == (["rare"], 80)
    run(train, "--test", test, "--text", "words", "--label", "wanted")
    said = capsys.readouterr().out
    assert "'rare'" in said
    assert "Rows of one.csv without a label, left out: 1." in said


def test_texts_get_a_label_a_chance_and_words(
    train: Path, test: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, out = tmp_path / "new.csv", tmp_path / "told.csv"
    new.write_text("words\nwhere is my parcel\nplease a refund\nnone\n")
    document = told(capsys, train, "--test", test, "--predict", new, "--out", out)
    with out.open() as opened:
        first, second, third = csv.DictReader(opened)
    assert document["n_predicted"] == 3
    assert (first["label"], first["word_1"], second["label"], second["word_1"]) == (
        "delivery",
        "parcel",
        "refund",
        "refund",
    )
    assert float(first["chance"]) > 0.5
    assert third["row"] == "3"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "no rows"),
        ([("a", "x"), ("b", "x")], "Every row of .* has the label 'x'"),
        ([("a", "x"), ("b", "y")], "stand in one row only"),
        ([("", "x"), ("", "y"), ("", "x"), (" ", "y")], "holds no words"),
        ([("a", ""), ("b", "")], "is empty in every row"),
        ([("a", one) for one in "xyxyxy"], "says the same"),
    ],
)
def test_a_file_that_teaches_nothing_is_refused(
    rows: list[tuple[str, str]], said: str, tmp_path: Path, test: Path
) -> None:
    with pytest.raises(RegardError, match=said):
        run(write(tmp_path / "bad.csv", rows), "--text", "words", "--label", "wanted", "--test", test)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--text", "word", "--label", "wanted"], "Did you mean 'words'"),
        (["--text", "words", "--label", "wantd"], "Did you mean 'wanted'"),
        (["--text", "words", "--label", "words"], "both name"),
        (["--text", "words", "--label", "wanted", "--out-of-scope", "othr"], "Did you mean 'other'"),
        (["--text", "words", "--label", "wanted", "--out", "a.csv"], "go together"),
    ],
)
def test_a_mistake_is_named(arguments: list[str], said: str, train: Path, test: Path) -> None:
    with pytest.raises(RegardError, match=said):
        run(train, *arguments, "--test", test)


def test_a_test_without_a_known_label_is_refused(train: Path, tmp_path: Path) -> None:
    with pytest.raises(RegardError, match="was learnt"):
        run(
            train,
            "--text",
            "words",
            "--label",
            "wanted",
            "--test",
            write(tmp_path / "t.csv", [("a", "else")]),
        )


def write_turns(file: Path, n: int, seed: int, head: str = "talk") -> Path:
    texts, labels, threads = spoken(n, seed)
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([("words", "wanted", head), *zip(texts, labels, threads, strict=True)])
    return file


def test_what_was_said_before_in_a_conversation_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train, test = (write_turns(tmp_path / f"{seed}.csv", 90, seed) for seed in (1, 2))
    out = tmp_path / "told.csv"
    asked = ("--test", test, "--predict", test, "--out", out)
    apart = told(capsys, train, *asked)
    heard = told(capsys, train, *asked, "--thread", "talk")
    assert heard["accuracy"] > 0.85 > 0.75 > apart["accuracy"]
    assert ("said before" in heard["method"], "said before" in apart["method"]) == (True, False)
    with out.open() as opened:
        rows = list(csv.DictReader(opened))
    assert sum(a["label"] == b["label"] for a, b in zip(rows[::2], rows[1::2], strict=True)) > 70


@pytest.mark.parametrize(
    ("heads", "shuffled", "more", "thread"),
    [
        (("conversation_id", "Conversation ID"), False, (), None),
        (("conversation_id", "conversation_id"), False, (), "conversation_id"),
        (("Conversation ID", "Conversation ID"), False, (), "Conversation ID"),
        (("conversation_id", "conversation_id"), False, ("--no-thread",), None),
        (("conversation_id", "conversation_id"), True, (), None),
        (("talk", "talk"), False, (), None),
    ],
)
def test_a_column_that_shows_conversations_is_taken_where_every_file_has_it(
    heads: tuple[str, str],
    shuffled: bool,
    more: tuple[str, ...],
    thread: str | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    train, test = (write_turns(tmp_path / f"{at}.csv", 60, at, head) for at, head in enumerate(heads))
    if shuffled:
        head, *rows = test.read_text(encoding="utf-8").splitlines()
        test.write_text("\n".join([head, *sorted(rows)]), encoding="utf-8")
    assert told(capsys, train, "--test", test, *more)["thread"] == thread


def test_a_thread_and_none_at_once_are_refused(train: Path, test: Path) -> None:
    with pytest.raises(RegardError, match="contradict each other"):
        run(train, "--text", "words", "--label", "wanted", "--test", test, "--thread", "a", "--no-thread")


@pytest.mark.parametrize(
    ("column", "said"), [("tlk", "Did you mean 'talk'"), ("same", "no two conversations")]
)
def test_a_column_that_names_no_conversations_is_refused(column: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "turns.csv"
    with file.open("w", newline="") as opened:
        rows = zip(*spoken(20, 1), strict=True)
        csv.writer(opened).writerows([("words", "wanted", "talk", "same"), *((*one, "x") for one in rows)])
    with pytest.raises(RegardError, match=said):
        run(file, "--text", "words", "--label", "wanted", "--test", file, "--thread", column)


@pytest.mark.long
@pytest.mark.skipif(not REAL.exists(), reason="REGARD_REAL_DATA names no folder with the labelled dialogues")
@pytest.mark.parametrize(("domain", "least", "heard"), [("airline", 0.902, 0.904), ("finance", 0.934, 0.934)])
def test_real_dialogues_are_told_as_well_as_the_docs_say(
    domain: str, least: float, heard: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with gzip.open(REAL / f"{domain}.csv.gz", "rt", encoding="utf-8") as opened:
        rows = [*csv.DictReader(opened)]
    files = []
    for name, splits in (("train", ("train", "dev")), ("test", ("test",))):
        files.append(tmp_path / f"{name}.csv")
        turns = [
            (one["utterance"], one["intent"], one["conversation_id"])
            for one in rows
            if one["split"] in splits
        ]
        with files[-1].open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows([("words", "wanted", "conversation_id"), *turns])
    asked = (files[0], "--test", files[1], "--out-of-scope", "outofdomain")
    for more, share in ((("--no-thread",), least), ((), heard)):
        document = told(capsys, *asked, *more)
        assert document["accuracy"] >= share
        assert document["calibration_error"] < 0.05
