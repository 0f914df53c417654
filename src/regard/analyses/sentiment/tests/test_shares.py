"""Shares and scores of customers who write more than once, told of made-up verdicts."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from regard.analyses.sentiment.shares import effort_of, emotion_shares, mean_score, shares
from regard.analyses.sentiment.tally import Tally
from regard.analyses.sentiment.tests.test_sentiment import told, write
from regard.analytics.words.models import CLASSES, EMOTIONS
from regard.kernel.errors import RegardError
from regard.kernel.estimates import Estimate


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
        emotions=np.repeat(np.clip(mood + 0.5, 0, 1), 8).reshape(-1, 8),
        effort=np.where(score > 0.6, np.nan, -score),
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


def told_of(tally: Tally) -> list[Estimate | None]:
    """Three shares, the score, effort and for whom it was hard, and the share of joy."""
    return [
        *shares(tally),
        mean_score(tally),
        *effort_of(tally),
        emotion_shares(tally)[EMOTIONS.index("joy")],
    ]


def test_emotions_and_effort_are_those_of_the_texts() -> None:
    tally, _, score = drawn(1, 50, 2.0)
    effort = -score[score <= 0.6]
    found = [one.value for one in told_of(tally) if one is not None]
    assert found[4:6] == pytest.approx([effort.mean(), (effort > 0).mean()], rel=1e-5)
    assert [one.value for one in emotion_shares(tally) if one is not None] == pytest.approx(
        tally.emotions["en"][:-1] / len(score)
    )


def test_customers_who_write_once_count_as_texts_of_their_own() -> None:
    tally, _, _ = drawn(4, 80, 0.0)
    together = told_of(tally)
    tally.owners = None
    for one, other in zip(together, told_of(tally), strict=True):
        assert one is not None
        assert other is not None
        assert [one.value, one.low, one.high] == pytest.approx([other.value, other.low, other.high], rel=1e-4)


def held(runs: int, customers: int, repeats: float, among: int = 30_000) -> np.ndarray:
    """How often the intervals of what `told_of` gives hold the truth, which is that of `among` customers."""
    truth = [one.value for one in told_of(drawn(99, among, repeats)[0]) if one is not None]
    hits = np.zeros(len(truth))
    for run in range(runs):
        tally, _, _ = drawn(run + 1000, customers, repeats)
        for place, one in enumerate(told_of(tally)):
            assert one is not None
            assert one.low is not None
            assert one.high is not None
            hits[place] += one.low <= truth[place] <= one.high
    return hits / runs


def test_intervals_hold_the_truth_in_a_small_sample() -> None:
    assert held(15, 100, 2.0).mean() > 0.88


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


def test_aspects_emotions_and_effort_count_customers_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = ["The delivery was terrible and difficult", "The delivery was lovely and easy", "Awful delivery"]
    once = told(capsys, write(tmp_path / "a.csv", texts * 10))
    file = tmp_path / "b.csv"
    rows = [f"{text},c{at}\n" for at, text in enumerate(texts * 10)] * 4
    file.write_text("words,customer\n" + "".join(rows))
    apart, together = told(capsys, file), told(capsys, file, "--cluster", "customer")
    width, narrow, clustered = (
        {
            (place, name): figures[f"{name}_high"] - figures[f"{name}_low"]
            for place, names in (("aspects", ("score", "negative")), ("effort", ("mean", "hard")), ("emotions", ("share",)))
            for figures in [one[place] if place == "effort" else one[place][0]]
            for name in names
        }
        for one in (once, apart, together)
    )  # fmt: skip
    for figure, wide in width.items():
        assert clustered[figure] == pytest.approx(wide, rel=0.08), figure
        assert narrow[figure] < 0.6 * clustered[figure]


def test_two_comments_make_no_share(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "a.csv", ["What a terrible mess", "I love it"])
    with pytest.raises(RegardError, match="A share of 2 comments"):
        told(capsys, file)
    with pytest.raises(RegardError, match="--aspects -3 cannot be told"):
        told(capsys, file, "--aspects=-3")
    assert told(capsys, file, "--out", tmp_path / "told.csv")["n"] == 2


def test_scores_beside_words_that_never_differ_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "a.csv", ["the parcel was late"] * 40, [9, 1] * 20)
    with pytest.raises(RegardError, match="says the same"):
        told(capsys, file, "--score", "score")
    with pytest.raises(RegardError, match="leave it out"):
        told(capsys, file, "--score", "score", "--cluster", "words")
