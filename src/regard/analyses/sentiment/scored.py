"""Texts with the scores that stand beside them, and what a score says of how somebody feels."""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from regard.analyses.reading import given_rows
from regard.analyses.texts import text_batches
from regard.analytics.words.calibration import Whole
from regard.kernel.errors import InvalidInput, NotEnoughData
from regard.warehouse.files.chosen import Table

MOST = 50_000
# From which score on a text is neutral, and positive; the ends of the scale.
SCALES = {"nps": (0, 7, 9, 10), "csat": (1, 3, 4, 5), "ces": (1, 4, 5, 7)}


def read_scored(args: argparse.Namespace) -> tuple[list[str], NDArray[np.float64], int]:
    """Texts that hold a word, with their scores, at most `MOST` drawn by lot; and how many have no score."""
    if args.text == args.score:
        raise InvalidInput(
            f"--text and --score both name '{args.text}'. Name what was written and what was given."
        )
    with given_rows(args, [args.text, args.score]) as table:
        (scores,) = table.numbers(args.score)
        texts = _all_texts(table, args.text)
    wordy = np.array([any(map(str.isalpha, one)) for one in texts], dtype=np.bool_)
    rows = np.flatnonzero(np.isfinite(scores) & wordy)
    if not len(rows):
        raise NotEnoughData(
            f"No row has both words in '{args.text}' and a score in '{args.score}'. Name other columns."
        )
    if len(rows) > MOST:
        rows = np.sort(np.random.default_rng(args.seed).choice(rows, MOST, replace=False))
    return [texts[at] for at in rows], scores[rows], int((~np.isfinite(scores)).sum())


def guess_scale(scores: NDArray[np.float64]) -> str:
    """The scale on which scores seem to be: the shortest that holds them all."""
    low, high = float(scores.min()), float(scores.max())
    for name in ("csat", "ces", "nps"):
        if SCALES[name][0] <= low and high <= SCALES[name][3]:
            return name
    raise InvalidInput(
        f"The scores run from {low:g} to {high:g}, which is no known scale. Name it: --scale nps|csat|ces."
    )


def classes_of(scores: NDArray[np.float64], scale: str) -> Whole:
    """The place in `CLASSES` of each score. Raises: InvalidInput for one that is not on the scale."""
    low, neutral, positive, high = SCALES[scale]
    wrong = (scores < low) | (scores > high)
    if wrong.any():
        raise InvalidInput(
            f"{int(wrong.sum()):,} scores lie outside {low} to {high} ({scale}), such as {scores[wrong][0]:g}. Correct them, or "
            "name another scale: --scale nps|csat|ces."
        )
    return (scores >= neutral).astype(np.int64) + (scores >= positive)


def _all_texts(table: Table, column: str) -> list[str]:
    return [one for (batch,) in text_batches(table, column) for one in batch]
