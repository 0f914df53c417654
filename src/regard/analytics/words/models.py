"""What was learnt of sentiment and emotion in each language: weights of hashed words and pieces of words."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from regard.analytics.arrays import Floats, floats
from regard.analytics.words.grams import BITS

EMOTIONS = ("anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust")
NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2
CLASSES = ("negative", "neutral", "positive")
POLARITY, FEELING, FIRST_EMOTION = 0, 1, 2
N_COLUMNS = FIRST_EMOTION + len(EMOTIONS)
METHOD = (
    "logistic regression on hashed words, pairs and pieces of words, learnt from film subtitles labelled with emotions and seeded "
    "by word lists; chances set by sentences left out of fitting"
)
SOURCE = (
    "Ohman et al. (2020), COLING, 6542-6552 (XED, CC BY 4.0); Hutto & Gilbert (2014), ICWSM, 216-225 (word list, MIT); "
    "Plutchik (1980), Emotion; Platt (1999), Advances in Large Margin Classifiers, 61-74"
)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What was learnt of one language.

    Args:
        row: array (2 ** BITS,), where a gram's weights stand; the last row, all zeros, for grams that tell nothing.
        weights: array (rows + 1, N_COLUMNS): positive against negative, feeling against none, and each emotion.
        slopes, offsets: array (N_COLUMNS,), turn sums of weights into log odds.
        thresholds: array (emotions,), from which chance an emotion is told.
        by_strength: whether feeling is told by how strongly positive or negative the words are, since no neutral sentences
            were at hand.
        is_measured: whether it was judged on labelled sentences; if not, it gives no chances.
        knows_emotions: whether emotions were learnt.
    """

    row: NDArray[np.int16]
    weights: NDArray[np.float32]
    slopes: Floats
    offsets: Floats
    thresholds: Floats
    by_strength: bool
    is_measured: bool
    knows_emotions: bool

    def log_odds(self, sums: Floats) -> Floats:
        """The log odds of sums of weights: array (n, N_COLUMNS)."""
        found = sums * self.slopes + self.offsets
        if self.by_strength:
            found[:, FEELING] = self.offsets[FEELING] + self.slopes[FEELING] * np.abs(found[:, POLARITY])
        return floats(found)


def chances_of(log_odds: Floats) -> Floats:
    """The chances of negative, neutral and positive: array (n, 3)."""
    feeling, positive = expit(log_odds[:, FEELING]), expit(log_odds[:, POLARITY])
    return floats(np.stack([feeling * (1 - positive), 1 - feeling, feeling * positive], axis=1))


@functools.cache
def model(language: str) -> Model:
    """The model of a language, as it is shipped."""
    raw = files("regard.analytics.words").joinpath("weights", f"{language}.npz").read_bytes()
    with np.load(BytesIO(raw)) as kept:
        return unpacked(kept)


def packed(
    places: NDArray[np.int64],
    weights: Floats,
    slopes: Floats,
    offsets: Floats,
    thresholds: Floats,
    flags: list[bool],
) -> dict[str, NDArray[Any]]:
    """What is written of a model: weights in 255 steps, columns of zeros left out.

    Args:
        places: array (rows,), rising; weights: array (rows, N_COLUMNS). flags: by_strength, is_measured, knows_emotions.
    """
    used = np.flatnonzero(np.abs(weights).max(axis=0) > 0)
    steps = np.abs(weights[:, used]).max(axis=0) / 127
    return {
        "places": np.diff(places, prepend=0).astype(np.uint32), "used": used.astype(np.uint8), "steps": steps,
        "weights": np.rint(weights[:, used] / steps).astype(np.int8).T, "slopes": slopes, "offsets": offsets,
        "thresholds": thresholds, "flags": np.array(flags),
    }  # fmt: skip


def unpacked(kept: Mapping[str, NDArray[Any]]) -> Model:
    """The model that `packed` wrote."""
    places = np.cumsum(kept["places"].astype(np.int64))
    row = np.full(1 << BITS, len(places), dtype=np.int16)
    row[places] = np.arange(len(places))
    weights = np.zeros((len(places) + 1, N_COLUMNS), dtype=np.float32)
    weights[:-1, kept["used"]] = kept["weights"].T * kept["steps"]
    flags = [bool(one) for one in kept["flags"]]
    return Model(
        row, weights, floats(kept["slopes"]), floats(kept["offsets"]), floats(kept["thresholds"]), *flags
    )
