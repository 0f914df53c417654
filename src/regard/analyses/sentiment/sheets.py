"""What was told of all texts as tables for people."""

from __future__ import annotations

from regard.analyses.sentiment.document import (
    aspect_entry,
    emotions_entries,
    language_entry,
    said_share,
    spoken,
)
from regard.analyses.sentiment.tally import Tally
from regard.analyses.telling import Sheet, between, number
from regard.analytics.words.aspects import AspectScores
from regard.analytics.words.models import CLASSES
from regard.kernel.estimates import Estimate


def sheets(tally: Tally, aspects: AspectScores) -> list[Sheet]:
    """Languages, and what there is of aspects, emotions and examples."""
    others = (_aspects(aspects), _emotions(tally), _examples(tally))
    return [_languages(tally), *(sheet for sheet in others if sheet.rows)]


def _languages(tally: Tally) -> Sheet:
    rows = []
    for one in spoken(tally):
        entry = language_entry(tally, one)
        measured = entry["measured"]
        judged = measured if isinstance(measured, str) else number(measured["macro_f1_of_two"])
        cells = [f"{entry[name]:.1%}" if entry[name] is not None else "–" for name in CLASSES]
        rows.append([one, f"{entry['n']:,}", *cells, number(entry["score"], 2), judged])
    heads = ["language", "n", "negative", "neutral", "positive", "score", "held-out F1"]
    return Sheet(heads, rows, numeric=range(1, 7))


def _aspects(aspects: AspectScores) -> Sheet:
    told = [aspect_entry(aspects, at) for at in range(len(aspects.words))]
    rows = [
        [one["aspect"], f"{one['n']:,}", number(one["score"], 2), between(one["score_low"], one["score_high"], 2),
         f"{one['negative']:.1%}"]
        for one in told
    ]  # fmt: skip
    return Sheet(["aspect", "n", "score", "95% interval", "negative"], rows, "What it is about", range(1, 5))


def _emotions(tally: Tally) -> Sheet:
    rows = [
        [
            one["emotion"],
            f"{one['n']:,}",
            said_share(Estimate(one["share"], one["share_low"], one["share_high"], one["of"])),
        ]
        for one in emotions_entries(tally)
        if one["of"]
    ]
    return Sheet(["emotion", "n", "share"], rows, "Emotions", (1, 2))


def _examples(tally: Tally) -> Sheet:
    rows = [
        [one.text, number(one.score, 2), ", ".join(one.words)]
        for _, kept in sorted(tally.examples.items())
        for one in kept
    ]
    return Sheet(["text", "score", "words that made it"], rows, "The unhappiest and the happiest", (1,))
