"""Shares and scores of customers who write more than once, told of made-up verdicts."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from regard.analyses.sentiment.shares import mean_score, shares
from regard.analyses.sentiment.tally import Tally
from regard.analyses.sentiment.tests.test_sentiment import told, write
from regard.analytics.words.models import CLASSES
from regard.kernel.errors import RegardError


def drawn(seed: int, customers: int, repeats: float) -> tuple[Tally, np.ndarray, np.ndarray]:
    """A tally of comments of customers who keep to their mood, with verdicts and scores."""
    random = np.random.default_rng(seed)
    owners = np.repeat(np.arange(customers), 1 + random.poisson(repeats, customers))
    mood = random.normal(-0.2, 0.5, customers)[owners]
    score = np.clip(mood + random.normal(0, 0.3, len(owners)), -1, 1)
    verdict = np.where(score < -0.3, 0, np.where(score > 0.3, 2, 1))
    tally = Tally(owners=owners)
    language = np.full(len(owners), "en")
    found: Any = SimpleNamespace(
        languages=language,
        verdict=verdict,
        score=score,
        emotions=np.full((len(owners), 8), np.nan),
        effort=np.full(len(owners), np.nan),
        tokens=SimpleNamespace(text=np.arange(len(owners))),
    )
    tally.add([""] * len(owners), cast("Any", found), [[]] * len(owners))
    return tally, verdict, score


def test_shares_and_score_are_those_of_the_texts() -> None:
    tally, verdict, score = drawn(1, 50, 2.0)
    for language in (None, "en"):
        for at, one in enumerate(shares(tally, language)):
            assert one is not None
            assert one.value == pytest.approx((verdict == at).mean())
        mean = mean_score(tally, language)
        assert mean is not None
        assert mean.value == pytest.approx(score.mean(), rel=1e-5)
    assert shares(tally, "pl") == [None] * 3


def held(runs: int, customers: int, repeats: float) -> np.ndarray:
    """How often the intervals of the three shares and of the score hold the truth."""
    _, verdict, score = drawn(99, 30_000, repeats)
    truth = [*((verdict == at).mean() for at in range(3)), score.mean()]
    hits = np.zeros(4)
    for run in range(runs):
        tally, _, _ = drawn(run + 1000, customers, repeats)
        for place, one in enumerate([*shares(tally), mean_score(tally)]):
            assert one is not None
            assert one.low is not None
            assert one.high is not None
            hits[place] += one.low <= truth[place] <= one.high
    return hits / runs


def test_intervals_hold_the_truth_in_a_small_sample() -> None:
    assert held(25, 150, 2.0).mean() > 0.88


@pytest.mark.long
def test_95_percent_intervals_hold_the_truth() -> None:
    found = np.array(
        [held(1_000, customers, repeats) for customers in (100, 400) for repeats in (0.0, 2.0, 6.0)]
    )
    assert 0.935 < found.mean() < 0.965
    assert found.min() > 0.92


def test_texts_of_one_customer_tell_less(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["The delivery was terrible", "Wonderful coffee", "I love the friendly staff"] * 10
    columns = {"words": texts * 4, "customer": [f"c{at % len(texts)}" for at in range(4 * len(texts))]}
    once = told(capsys, write(tmp_path / "a.csv", texts))
    file = tmp_path / "b.csv"
    file.write_text(
        "words,customer\n" + "".join(f"{a},{b}\n" for a, b in zip(*columns.values(), strict=True))
    )
    apart, together = told(capsys, file), told(capsys, file, "--cluster", "customer")
    width, narrow, clustered = (
        {name: one[f"{name}_high"] - one[f"{name}_low"] for name in (*CLASSES, "score")}
        for one in (once, apart, together)
    )
    for name in ("negative", "positive", "score"):
        assert clustered[name] == pytest.approx(width[name], rel=0.06)
        assert narrow[name] < 0.6 * clustered[name]
    assert "texts of one customer together" in together["method"]


def test_two_comments_make_no_share(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "a.csv", ["What a terrible mess", "I love it"])
    with pytest.raises(RegardError, match="A share of 2 comments"):
        told(capsys, file)
    assert told(capsys, file, "--out", tmp_path / "told.csv")["n"] == 2


def test_scores_beside_words_that_never_differ_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "a.csv", ["the parcel was late"] * 40, [9, 1] * 20)
    with pytest.raises(RegardError, match="says the same"):
        told(capsys, file, "--score", "score")
    with pytest.raises(RegardError, match="leave it out"):
        told(capsys, file, "--score", "score", "--cluster", "words")
