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
from regard.analytics.shares.wilson import share
from regard.analytics.words.aspects import AspectScores
from regard.analytics.words.models import CLASSES


def sheets(tally: Tally, aspects: AspectScores) -> list[Sheet]:
    """Languages, aspects, emotions and examples."""
    rows = []
    for one in spoken(tally):
        entry = language_entry(tally, one)
        judged = (
            entry["measured"]
            if isinstance(entry["measured"], str)
            else number(entry["measured"]["macro_f1_of_two"])
        )
        cells = [f"{entry[name]:.1%}" if entry[name] is not None else "–" for name in CLASSES]
        rows.append([one, f"{entry['n']:,}", *cells, number(entry["score"], 2), judged])
    heads = ["language", "n", "negative", "neutral", "positive", "score", "held-out F1"]
    listed = [Sheet(heads, rows, numeric=range(1, 7))]
    if aspects.words:
        told = [aspect_entry(aspects, at) for at in range(len(aspects.words))]
        lines = [
            [one["aspect"], f"{one['n']:,}", number(one["score"], 2), between(one["score_low"], one["score_high"], 2),
             f"{one['negative']:.1%}"]
            for one in told
        ]  # fmt: skip
        listed.append(
            Sheet(
                ["aspect", "n", "score", "95% interval", "negative"], lines, "What it is about", range(1, 5)
            )
        )
    emotions = [
        [one["emotion"], f"{one['n']:,}", said_share(share(one["n"], one["of"]))]
        for one in emotions_entries(tally)
        if one["of"]
    ]
    if emotions:
        listed.append(Sheet(["emotion", "n", "share"], emotions, "Emotions", (1, 2)))
    examples = [
        [one.text, number(one.score, 2), ", ".join(one.words)]
        for _, kept in sorted(tally.examples.items())
        for one in kept
    ]
    if examples:
        listed.append(
            Sheet(["text", "score", "words that made it"], examples, "The unhappiest and the happiest", (1,))
        )
    return listed
