"""Texts as rows of a sparse matrix: words, pairs and pieces of words, how a text begins and ends, and what was said before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

WORD = re.compile(r"\w+|[?!]")
DIGIT = re.compile(r"\d")
LONGEST = 12
PAIRS = (1, 2)
PIECES = (2, 5)
# Pieces count twice: found by leaving rows out of what was learnt from, on two sets of service dialogues.
LENGTHS = {"words": 1.0, "pieces": 2.0, "frame": 1.0}
# What was said before counts half as much as a word, found likewise; so many words of it are kept, the latest.
BEFORE, LATEST = 0.5, 200
SOURCE = (
    "Salton & Buckley (1988), Inf. Process. Manag. 24, 513-523; Joachims (1998), ECML, 137-142; "
    "Cavnar & Trenkle (1994), SDAIR-94, 161-175"
)


def plain(text: str) -> str:
    """The text in small letters with every digit as 0, so that two order numbers look alike.

    >>> plain("Order 4711, PLEASE!")
    'order 0000, please!'
    """
    return DIGIT.sub("0", unicodedata.normalize("NFKC", text).lower().strip())


def words_of(text: str) -> list[str]:
    """Its words in order, with question and exclamation marks.

    >>> words_of("Where's it?")
    ['where', 's', 'it', '?']
    """
    return WORD.findall(plain(text))


def frame_of(text: str) -> list[str]:
    """How long a text is, how it begins and ends, and the whole of it: short answers are told by these.

    >>> frame_of("no thanks")
    ['length 2', 'first no', 'last thanks', 'ends no thanks', 'whole no thanks']
    """
    words = words_of(text)
    found = [f"length {min(len(words), LONGEST)}"]
    if words:
        first, last = words[0], words[-1]
        found += [f"first {first}", f"last {last}", f"ends {first} {last}", "whole " + " ".join(words)]
    return found


def said_before(texts: Sequence[str], threads: Sequence[Hashable]) -> list[list[str]]:
    """The words of the texts that stand before each in its conversation, and how many texts these are.

    Args:
        threads: the conversation of each text; None where it belongs to none.

    >>> said_before(["Hi", "a seat", "hi", "ok"], ["a", "a", "b", "a"])
    [['turn 0'], ['turn 1', 'hi'], ['turn 0'], ['turn 2', 'a', 'hi', 'seat']]
    """
    heard: dict[Hashable, tuple[int, list[str]]] = {}
    found = []
    for text, thread in zip(texts, threads, strict=True):
        turns, words = heard.get(thread, (0, []))
        found.append([f"turn {min(turns, LONGEST)}", *sorted(set(words))])
        if thread is not None:
            heard[thread] = (turns + 1, [*words, *words_of(text)][-LATEST:])
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What turns texts into rows.

    Args:
        union: scikit-learn's, of a text by itself. before: of what was said before it; None where nobody said.
    """

    union: Any
    before: Any

    def rows(self, texts: Sequence[str], before: Sequence[list[str]] | None = None) -> Any:
        """A sparse matrix (n, features); nothing was said before where `before` is not given."""
        from scipy.sparse import hstack

        own = self.union.transform(list(texts))
        if self.before is None:
            return own.tocsr()
        said = before if before is not None else said_before(texts, [None] * len(texts))
        return hstack([own, BEFORE * self.before.transform(said)]).tocsr()


def learn_features(texts: Sequence[str], before: Sequence[list[str]] | None = None) -> tuple[Features, Any]:
    """What turns texts into rows, learnt from these, and their rows.

    Single words and pairs, pieces of two to five letters within words (which take misspelt and bent words for the same)
    and the frame; each family weighted by how rare its members are and
    brought to the length that `LENGTHS` gives it; and what was said before, see `said_before`.

    Returns: the features, and a sparse matrix (n, features).
    Source: Salton & Buckley (1988), Inf. Process. Manag. 24, 513-523; Cavnar & Trenkle (1994), SDAIR-94, 161-175.
    """
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    union = _families()
    own = union.fit_transform(list(texts))
    if before is None:
        return Features(union, None), own.tocsr()
    history = TfidfVectorizer(analyzer=list)
    said = history.fit_transform(before)
    return Features(union, history), hstack([own, BEFORE * said]).tocsr()


def _families() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion

    words = TfidfVectorizer(
        preprocessor=plain, tokenizer=WORD.findall, token_pattern=None, ngram_range=PAIRS, sublinear_tf=True
    )
    pieces = TfidfVectorizer(preprocessor=plain, analyzer="char_wb", ngram_range=PIECES, sublinear_tf=True)
    frame = TfidfVectorizer(analyzer=frame_of)
    families = [("words", words), ("pieces", pieces), ("frame", frame)]
    return FeatureUnion(families, transformer_weights=LENGTHS)
