"""How hard it was for customers, told by the words that they use for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, divide
from regard.analytics.words.clauses import Clauses, among
from regard.analytics.words.tokens import Tokens

METHOD = "effort by lists of words for hard and easy, unmeasured"


def tell_effort(tokens: Tokens, standing: Clauses, languages: NDArray[np.str_]) -> Floats:
    """How hard it was: array (texts,), from -1 (easy) to 1 (hard); not a number where nothing is said of it.

    Words for hard less words for easy, over both; a negator turns a word round.
    """
    signs = among(tokens, languages, "hard").astype(float) - among(tokens, languages, "easy")
    signs *= np.where(standing.turned, -1.0, 1.0) * standing.weight
    weights = np.bincount(tokens.text, np.abs(signs), tokens.n_texts)
    return divide(np.bincount(tokens.text, signs, tokens.n_texts), weights)
