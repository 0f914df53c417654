"""What was told of all texts as a document for programs and as sentences for people."""

from __future__ import annotations

import argparse
import functools
import json
from importlib.resources import files
from typing import Any

import numpy as np

from regard.analyses.sentiment.shares import effort_of, emotion_shares, mean_score, one_of, shares, telling_of
from regard.analyses.sentiment.tally import Tally
from regard.analyses.telling import between
from regard.analytics.words import aspects as aspects_of
from regard.analytics.words import sentiment
from regard.analytics.words.aspects import AspectScores
from regard.analytics.words.language import UNKNOWN
from regard.analytics.words.models import CLASSES, EMOTIONS
from regard.kernel.estimates import Estimate

UNMEASURED = "unmeasured"
JUDGED_ON = "held-out film subtitles (XED), not customers' words"


@functools.cache
def measured() -> dict[str, dict[str, Any]]:
    """How well each language was told of sentences held out, as `scripts/learn_sentiment.py` found."""
    raw = files("regard.analytics.words").joinpath("weights", "measured.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(raw)
    return found


def document_of(tally: Tally, aspects: AspectScores) -> dict[str, Any]:
    """What programs read."""
    n_told, (mean, hard) = int(tally.total[:3].sum()), effort_of(tally)
    intervals, source = telling_of(tally)
    return {
        "n": tally.n,
        "n_told": n_told,
        "n_without_words": tally.n_wordless,
        **_shares(tally),
        **figure("score", mean_score(tally)),
        "languages": [language_entry(tally, one) for one in spoken(tally)],
        "emotions": emotions_entries(tally),
        "effort": {
            "n": int(tally.effort[0]), **figure("mean", mean), **figure("hard", hard), "measured": UNMEASURED,
        },
        "aspects": [aspect_entry(aspects, at) for at in range(len(aspects.words))],
        "examples": [
            {"sentiment": CLASSES[side + 1], "text": one.text, "score": one.score, "words": list(one.words)}
            for side, kept in sorted(tally.examples.items()) for one in kept
        ],
        "judged_on": JUDGED_ON,
        "method": f"{sentiment.METHOD}; {aspects_of.METHOD}; {intervals}",
        "source": f"{sentiment.SOURCE}; {aspects_of.SOURCE}; {source}",
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
    negative, neutral, positive = (said_share(one) for one in shares(tally) if one is not None)
    said = [
        f"Of {n:,} comments of {title}, {negative} are told as negative, {neutral} as neutral and {positive} as positive."
    ]
    if tally.n > n:
        said.append(
            f"Of {tally.n - n:,} more nothing is told: no words, or a language that is not known here."
        )
    if hard := effort_of(tally)[1]:
        said.append(f"{int(tally.effort[0]):,} speak of effort; for {said_share(hard)} of them it was hard.")
    if args.out:
        said.append(f"What is told of each stands in {args.out}.")
    return said


def said_share(one: Estimate) -> str:
    """A share as people read it."""
    ends = "" if one.low is None or one.high is None else f" ({between(100 * one.low, 100 * one.high, 1)})"
    return f"{one.value:.1%}{ends}"


def notes_of(tally: Tally) -> list[str]:
    """What to keep in mind."""
    notes = [
        "How well this is told was measured on film subtitles, not on what customers write (F1 of positive against negative; "
        "docs/sentiment.md). Where scores stand beside your comments, learn from them: --score COL.",
        "The intervals say what other comments would be told as, not how often that is wrong.",
    ]
    if tally.owners is None:
        notes.append(
            "Each comment counts as another customer's; where some write often, name them: --cluster COL."
        )
    if tally.verdicts["hy"].sum():
        notes.append(
            "Armenian is told by a list of words and is unmeasured: no labelled sentences are at hand."
        )
    if tally.verdicts[UNKNOWN].sum():
        notes.append(f"In no known language: {int(tally.verdicts[UNKNOWN].sum()):,}. They count in no share.")
    return notes


def language_entry(tally: Tally, one: str) -> dict[str, Any]:
    counts = tally.verdicts[one]
    return {
        "language": one,
        "n": int(counts.sum()),
        **_shares(tally, one),
        **figure("score", mean_score(tally, one)),
        "measured": measured().get(one, UNMEASURED),
    }


def _shares(tally: Tally, language: str | None = None) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for name, one in zip(CLASSES, shares(tally, language), strict=True):
        found |= figure(name, one)
    return found


def emotions_entries(tally: Tally) -> list[dict[str, Any]]:
    total = np.sum(list(tally.emotions.values()), axis=0)
    n = int(total[-1])
    found = [
        {"emotion": name, "n": int(total[at]), "of": n, **figure("share", one)}
        for at, (name, one) in enumerate(zip(EMOTIONS, emotion_shares(tally), strict=True))
    ]
    return sorted(found, key=lambda one: -one["n"])


def aspect_entry(aspects: AspectScores, at: int) -> dict[str, Any]:
    score, n = one_of(aspects.score, at), int(aspects.score.n[at])
    return {
        "aspect": aspects.words[at], "n": n, **figure("score", score),
        **figure("negative", one_of(aspects.negative, at)),
    }  # fmt: skip
