"""Words that are too common to name anything."""

from __future__ import annotations

import functools
import json
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from regard.analytics.words.clauses import lexicon
from regard.analytics.words.language import LANGUAGES
from regard.analytics.words.tokens import Hashes, numbers_of


@functools.cache
def common_words(language: str) -> frozenset[str]:
    """The words of a language that stand in most texts and name nothing."""
    raw = files("regard.analytics.words").joinpath("weights", "common.json").read_text(encoding="utf-8")
    listed = lexicon(language)
    small = [*listed["negators"], *listed["contrast"], *listed["concession"], *listed.get("common", [])]
    return frozenset([*json.loads(raw).get(language, []), *small])


@functools.cache
def common_numbers() -> Hashes:
    """The numbers of these words of all languages, rising."""
    words = sorted(frozenset().union(*(common_words(one) for one in LANGUAGES)))
    return np.unique(numbers_of(words))


def is_common(numbers: Hashes) -> NDArray[np.bool_]:
    """Whether each word is one of them, in any language."""
    return np.isin(numbers, common_numbers())
