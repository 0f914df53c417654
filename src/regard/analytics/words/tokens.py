"""Many texts at once as arrays of words: where each begins and ends, to which sentence it belongs, and its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.words.marks import DROPPED, GAP, SIGN, SIZE, SPACE, WORD, Table, code_points, marks

Whole = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Flags = NDArray[np.bool_]
# An odd multiplier, and what undoes it modulo 2**64: so the number of any run of letters is one difference.
BASE = 0x9E3779B97F4A7C15
UNDONE = pow(BASE, -1, 1 << 64)
SOURCE = "Karp & Rabin (1987), IBM J. Res. Dev. 31(2), 249-260; Weinberger et al. (2009), ICML, 1113-1120"


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The words and signs of some texts, in order.

    Args:
        n_texts: how many texts there are; one without a word has no token.
        start, end: array (tokens,), places in `joined` as it was written. text, sentence: whose token it is; sentences are
            counted through over all texts and hold a token each.
        number: array (tokens,), the hash of each word, small and without accents. pause: whether a reader pauses before it.
        letters: the folded letters with one gap (a space) at least between words; first, past: of each token there.
    """

    n_texts: int
    joined: str
    start: Whole
    end: Whole
    text: Whole
    sentence: Whole
    number: Hashes
    pause: Flags
    letters: Table
    first: Whole
    past: Whole

    @property
    def n_sentences(self) -> int:
        """How many sentences hold a word."""
        return int(self.sentence[-1]) + 1 if len(self.sentence) else 0

    @property
    def text_of_sentence(self) -> Whole:
        """Array (sentences,): the text that each belongs to."""
        return self.text[self.first_of_sentence]

    @property
    def first_of_sentence(self) -> Whole:
        """Array (sentences,): the first token of each."""
        return np.flatnonzero(np.diff(self.sentence, prepend=-1))

    def word(self, token: int) -> str:
        """A token as it was written."""
        return self.joined[self.start[token] : self.end[token]]


def cut_tokens(texts: Sequence[str]) -> Tokens:
    """The words, emoji, question and exclamation marks of texts.

    A sentence ends at . ! ? … ; or their like before a blank, and at the end of a line. Accents, capitals and digits make no
    difference; an apostrophe cuts no word.

    >>> found = cut_tokens(["Don't. Ever!"])
    >>> [found.word(one) for one in range(3)], found.sentence.tolist()
    (["Don't", 'Ever', '!'], [0, 1, 1])
    """
    written = [smiling(one) for one in texts]
    joined = "\n".join(["", *written, ""])
    codes = code_points(joined)
    table = marks()
    known = np.minimum(codes, SIZE - 1)
    kind = np.where(codes < SIZE, table.kind[known], SIGN)
    folded = np.where(codes < SIZE, table.fold[known], codes)
    breaks = _breaks(written, len(codes))
    kept = np.flatnonzero(kind != DROPPED)
    kind, letters, place = kind[kept], folded[kept].astype(np.uint32), kept
    is_first = (kind == SIGN) | ((kind == WORD) & (np.roll(kind, 1) != WORD))
    is_last = (kind == SIGN) | ((kind == WORD) & (np.roll(kind, -1) != WORD))
    first, past = np.flatnonzero(is_first), np.flatnonzero(is_last) + 1
    gap = kind == GAP
    closed = table.ends[known[kept]] & (np.roll(table.kind[known[kept]], -1) == GAP)
    closed |= codes[kept] == ord("\n")
    text = np.cumsum(breaks)[place[first]] - 1
    sentence = _renumbered(np.cumsum(closed)[first] - closed[first])
    pauses = np.cumsum(table.pauses[known[kept]] & gap)[first]
    letters[gap] = SPACE
    return Tokens(
        len(texts), joined, place[first], place[past - 1] + 1, text, sentence, runs(letters, first, past),
        np.diff(pauses, prepend=0) > 0, letters, first, past,
    )  # fmt: skip


def smiling(text: str) -> str:
    """The text with typed smileys as one sign each.

    >>> smiling("fine :)")
    'fine 🙂'
    """
    if ":" in text or ";" in text:
        for typed, sign in (
            (":-)", "🙂"), (":)", "🙂"), (":D", "🙂"), (";)", "🙂"), (":-(", "🙁"), (":(", "🙁")
        ):  # fmt: skip
            text = text.replace(typed, sign)
    return text


def runs(letters: Table, first: Whole, past: Whole) -> Hashes:
    """The number of each run of letters from `first` to before `past`; equal runs have equal numbers.

    Source: Karp & Rabin (1987), IBM J. Res. Dev. 31(2), 249-260.
    """
    sums, back = rolling(letters)
    return mixed((sums[past] - sums[first]) * back[first])


def rolling(letters: Table) -> tuple[Hashes, Hashes]:
    """Sums over all letters before each place, and what takes a run's own place out of its number."""
    n = len(letters)
    ahead, back = _powers(BASE, n + 1), _powers(UNDONE, n + 1)
    sums = np.zeros(n + 1, dtype=np.uint64)
    np.cumsum((letters.astype(np.uint64) + np.uint64(1)) * ahead[:n], out=sums[1:])
    return sums, back


def mixed(numbers: Hashes) -> Hashes:
    """Numbers whose low bits depend on all bits. Source: Steele, Lea & Flood (2014), OOPSLA, 453-472."""
    found = numbers ^ (numbers >> np.uint64(30))
    found = found * np.uint64(0xBF58476D1CE4E5B9)
    found ^= found >> np.uint64(27)
    found = found * np.uint64(0x94D049BB133111EB)
    return np.asarray(found ^ (found >> np.uint64(31)), dtype=np.uint64)


def numbers_of(words: Sequence[str]) -> Hashes:
    """The number of each single word; a phrase counts by its first word."""
    if not words:
        return np.empty(0, dtype=np.uint64)
    tokens = cut_tokens(words)
    return tokens.number[np.flatnonzero(np.diff(tokens.text, prepend=-1))]


def _powers(base: int, n: int) -> Hashes:
    found = np.full(n, base, dtype=np.uint64)
    found[0] = 1
    return np.cumprod(found, dtype=np.uint64)


def _breaks(texts: Sequence[str], n: int) -> Whole:
    """1 where a text begins, else 0: array over the joined letters."""
    lengths = np.fromiter((len(one) + 1 for one in texts), dtype=np.int64, count=len(texts))
    found = np.zeros(n, dtype=np.int64)
    found[np.cumsum(lengths) - lengths + 1] = 1
    return found


def _renumbered(groups: Whole) -> Whole:
    """Rising numbers without gaps, from 0."""
    return np.cumsum(np.diff(groups, prepend=groups[:1]) > 0)
