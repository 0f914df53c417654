"""A row for each text: its label, how likely that is, and the words that made it."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from regard.analyses.intents.reading import read_texts
from regard.analytics.words.cited import CITED, cite
from regard.analytics.words.intents import Intents


def write_told(intents: Intents, args: argparse.Namespace) -> int:
    """Write what is told of each text of `--predict`. Returns: how many there are."""
    from regard.warehouse.files.written import write_columns

    texts, before = read_texts(args.predict, args.text, args.thread)
    told = intents.verdicts(texts, before)
    words = cite(intents, texts, before)
    written = {
        "row": np.arange(1, len(texts) + 1),
        "label": np.array(told.labels),
        "likeliest": np.array([intents.labels[at] for at in told.chances.argmax(axis=1)]),
        "chance": told.chance,
    }
    for place in range(CITED):
        written[f"word_{place + 1}"] = np.array(
            [one[place].word if place < len(one) else "" for one in words]
        )
    write_columns(Path(args.out), written)
    return len(texts)
