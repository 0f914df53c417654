"""A row for each text: its language, how its writer feels, and the words that made it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats
from regard.analytics.words.models import CLASSES, EMOTIONS, model
from regard.analytics.words.sentiment import CITED, Feelings


def columns_of(found: Feelings, words: Sequence[Sequence[str]], before: int) -> dict[str, NDArray[Any]]:
    """What is written of one batch, `before` rows having gone ahead."""
    names = np.array([*CLASSES, ""])
    chance = np.max(np.nan_to_num(found.chances, nan=-1.0), axis=1)
    columns: dict[str, NDArray[Any]] = {
        "row": np.arange(before + 1, before + len(words) + 1),
        "language": found.languages,
        "sentiment": names[found.verdict],
        "chance": np.where(chance < 0, np.nan, chance),
        "score": found.score,
        "emotion": told_emotions(found.emotions, found.languages),
        "effort": found.effort,
    }
    for place in range(CITED):
        columns[f"word_{place + 1}"] = np.array([one[place] if place < len(one) else "" for one in words])
    return columns


def told_emotions(chances: Floats, languages: NDArray[np.str_]) -> NDArray[np.str_]:
    """The emotion of each text that stands furthest above its threshold; "" where none does."""
    found = np.full(len(languages), "", dtype="<U12")
    for one in set(languages.tolist()) - {"unknown"}:
        learnt = model(one)
        mine = np.flatnonzero((languages == one) & np.isfinite(chances[:, 0]))
        above = chances[mine] / learnt.thresholds
        best = above.argmax(axis=1) if len(mine) else np.empty(0, dtype=np.int64)
        told = above[np.arange(len(mine)), best] >= 1
        found[mine[told]] = np.array(EMOTIONS)[best[told]]
    return found
