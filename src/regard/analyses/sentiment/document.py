"""What was told of all texts as a document for programs and as sentences for people."""

from __future__ import annotations

import argparse
import functools
import json
from importlib.resources import files
from typing import Any

import numpy as np

from regard.analyses.sentiment.tally import Tally
from regard.analyses.telling import between
from regard.analytics.arrays import EstimateArrays
from regard.analytics.means.mean import mean_arrays
from regard.analytics.shares.wilson import share
from regard.analytics.words import aspects as aspects_of
from regard.analytics.words import sentiment
from regard.analytics.words.aspects import AspectScores
from regard.analytics.words.language import UNKNOWN
from regard.analytics.words.models import CLASSES, EMOTIONS
from regard.kernel.estimates import Estimate

UNMEASURED = "unmeasured"
INTERVALS = (
    "intervals: Wilson for shares, t for means; they take verdicts as true, and each text as one of its own"
)
JUDGED_ON = "held-out film subtitles (XED), not customers' words"


@functools.cache
def measured() -> dict[str, dict[str, Any]]:
    """How well each language was told of sentences held out, as `scripts/learn_sentiment.py` found."""
    raw = files("regard.analytics.words").joinpath("weights", "measured.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(raw)
    return found


def document_of(tally: Tally, aspects: AspectScores) -> dict[str, Any]:
    """What programs read."""
    total = tally.total
    n_told = int(total[:3].sum())
    effort = tally.effort
    return {
        "n": tally.n,
        "n_told": n_told,
        "n_without_words": tally.n_wordless,
        **_shares(total),
        **figure("score", _mean(tally.score)),
        "languages": [language_entry(tally, one) for one in spoken(tally)],
        "emotions": emotions_entries(tally),
        "effort": {
            "n": int(effort[0]), **figure("mean", _mean(effort)),
            **figure("hard", share(int(effort[3]), int(effort[0])) if effort[0] else None), "measured": UNMEASURED,
        },
        "aspects": [aspect_entry(aspects, at) for at in range(len(aspects.words))],
        "examples": [
            {"sentiment": CLASSES[side + 1], "text": one.text, "score": one.score, "words": list(one.words)}
            for side, kept in sorted(tally.examples.items()) for one in kept
        ],
        "judged_on": JUDGED_ON,
        "method": f"{sentiment.METHOD}; {aspects_of.METHOD}; {INTERVALS}",
        "source": f"{sentiment.SOURCE}; {aspects_of.SOURCE}; Wilson (1927), JASA 22(158), 209-212",
    }  # fmt: skip


def spoken(tally: Tally) -> list[str]:
    """The languages that occur, the most frequent first, unknown last."""
    found = [one for one, counts in tally.verdicts.items() if counts.sum()]
    return sorted(found, key=lambda one: (one == UNKNOWN, -tally.verdicts[one].sum()))


def figure(key: str, estimate: Estimate | None) -> dict[str, float | None]:
    """A figure with its interval, as it stands in the document."""
    if estimate is None:
        return {key: None, f"{key}_low": None, f"{key}_high": None}
    return {key: estimate.value, f"{key}_low": estimate.low, f"{key}_high": estimate.high}


def sentences(tally: Tally, title: str, args: argparse.Namespace) -> list[str]:
    """What a person reads first."""
    total = tally.total
    n = int(total[:3].sum())
    if not n:
        return [f"Of {tally.n:,} texts of {title} none is in a language that is known here."]
    shares = [share(int(total[at]), n) for at in range(3)]
    said = [
        f"Of {n:,} comments of {title}, {said_share(shares[0])} are negative, {said_share(shares[1])} neutral and "
        f"{said_share(shares[2])} positive."
    ]
    if tally.n > n:
        said.append(
            f"Of {tally.n - n:,} more nothing is told: no words, or a language that is not known here."
        )
    if tally.effort[0]:
        hard = share(int(tally.effort[3]), int(tally.effort[0]))
        said.append(f"{int(tally.effort[0]):,} speak of effort; for {said_share(hard)} of them it was hard.")
    if args.out:
        said.append(f"What is told of each stands in {args.out}.")
    return said


def said_share(one: Estimate) -> str:
    """A share as people read it."""
    return f"{one.value:.1%} ({between(100 * (one.low or 0), 100 * (one.high or 0), 1)})"


def notes_of(tally: Tally) -> list[str]:
    """What to keep in mind."""
    notes = [
        "How well this is told was measured on film subtitles, not on what customers write (F1 of positive against negative; "
        "docs/sentiment.md). Where scores stand beside your comments, learn from them: --score COL.",
    ]
    if tally.verdicts["hy"].sum():
        notes.append(
            "Armenian is told by a list of words and is unmeasured: no labelled sentences are at hand."
        )
    if tally.verdicts[UNKNOWN].sum():
        notes.append(f"In no known language: {int(tally.verdicts[UNKNOWN].sum()):,}. They count in no share.")
    return notes


def language_entry(tally: Tally, one: str) -> dict[str, Any]:
    counts = tally.verdicts[one]
    score = tally.scores.get(one)
    return {
        "language": one,
        "n": int(counts.sum()),
        **_shares(counts),
        **figure("score", _mean(score) if score is not None else None),
        "measured": measured().get(one, UNMEASURED),
    }


def _shares(counts: Any) -> dict[str, float | None]:
    n = int(counts[:3].sum())
    found: dict[str, float | None] = {}
    for at, name in enumerate(CLASSES):
        found |= figure(name, share(int(counts[at]), n) if n else None)
    return found


def emotions_entries(tally: Tally) -> list[dict[str, Any]]:
    total = np.sum(list(tally.emotions.values()), axis=0)
    n = int(total[-1])
    found = [
        {
            "emotion": name,
            "n": int(total[at]),
            "of": n,
            **figure("share", share(int(total[at]), n) if n else None),
        }
        for at, name in enumerate(EMOTIONS)
    ]
    return sorted(found, key=lambda one: -one["n"])


def aspect_entry(aspects: AspectScores, at: int) -> dict[str, Any]:
    score, n = _one(aspects.score, at), int(aspects.score.n[at])
    return {
        "aspect": aspects.words[at], "n": n, **figure("score", score),
        **figure("negative", share(int(aspects.n_negative[at]), n)),
    }  # fmt: skip


def _one(arrays: EstimateArrays, at: int) -> Estimate:
    return Estimate(float(arrays.value[at]), float(arrays.low[at]), float(arrays.high[at]), int(arrays.n[at]))


def _mean(sums: Any) -> Estimate | None:
    """The mean from n, sum and sum of squares; None without any."""
    if not sums[0]:
        return None
    found = mean_arrays([sums[0]], [sums[1]], [sums[2]], bounds=(-1.0, 1.0))
    return _one(found, 0)
