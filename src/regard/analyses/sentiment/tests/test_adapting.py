"""Learning from scores beside words; the comments are made up, no customer's words."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pytest

from regard.analyses.sentiment.scored import classes_of
from regard.analyses.sentiment.tests.test_sentiment import run, write
from regard.kernel.errors import RegardError

# Words that only this organisation's customers mean so: nobody else's model can know.
GOOD, BAD = "the glimmer came through again today", "the sprocket jammed at the gate"


def made(n: int, seed: int) -> tuple[list[str], list[object]]:
    generator = np.random.default_rng(seed)
    fine = generator.random(n) < 0.5
    texts = [f"{GOOD if one else BAD} {generator.integers(1, 9)} on {'Monday' if two else 'Friday'}"
             for one, two in zip(fine, generator.random(n) < 0.5, strict=True)]  # fmt: skip
    scores = np.where(fine, generator.integers(9, 11, n), generator.integers(0, 7, n))
    return texts, scores.tolist()


def test_what_only_own_customers_mean_is_learnt_from_scores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, other = write(tmp_path / "a.csv", *made(100, 1)), write(tmp_path / "b.csv", [GOOD, BAD, ""])
    out = tmp_path / "told.parquet"
    asked = (file, "--text", "words", "--score", "score", "--json", "--predict", other, "--out", out)
    assert run(*asked) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["scale"], document["n_predicted"]) == ("nps", 3)
    assert document["n"] + document["n_learnt"] == 100
    assert document["macro_f1"] > 0.95 > document["macro_f1_before"] + 0.2
    assert document["accuracy_low"] <= document["accuracy"] <= document["accuracy_high"]
    rows = duckdb.execute(f"SELECT sentiment, word_1 FROM '{out}' ORDER BY row").fetchall()
    assert [one for one, _ in rows] == ["positive", "negative", ""]
    assert [word in text for (_, word), text in zip(rows[:2], (GOOD, BAD), strict=True)] == [True, True]


def test_scores_become_classes_at_the_cut_offs_of_their_scale() -> None:
    assert classes_of(np.array([0.0, 6, 7, 8, 9, 10]), "nps").tolist() == [0, 0, 1, 1, 2, 2]
    assert classes_of(np.array([1.0, 2, 3, 4, 5]), "csat").tolist() == [0, 0, 1, 2, 2]
    assert classes_of(np.array([1.0, 3, 4, 5, 7]), "ces").tolist() == [0, 0, 1, 2, 2]


@pytest.mark.parametrize(
    ("scores", "more", "said"),
    [
        ([9] * 40, (), "Too few scored texts"),
        ([9, 1] * 5, (), "Too few scored texts"),
        ([9, 1] * 20, ("--scale", "csat"), "outside 1 to 5"),
        ([100, 1] * 20, (), "no known scale"),
        ([""] * 40, (), "No row has both"),
        (["often"] * 40, (), "needs a number"),
        ([float("inf"), 1] * 20, (), "needs a number"),
        ([9, 1] * 20, ("--out", "told.csv"), "go together"),
    ],
)
def test_what_cannot_be_learnt_is_refused_with_what_to_do(
    tmp_path: Path, scores: list[object], more: tuple[str, ...], said: str
) -> None:
    texts = [f"fine {at}" for at in range(len(scores))]
    with pytest.raises(RegardError, match=said):
        run(write(tmp_path / "a.csv", texts, scores), "--text", "words", "--score", "score", *more)
