"""What each character is: a letter and of which script, a digit, an end of a sentence, or a sign of its own."""

from __future__ import annotations

import functools
import sys
import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GAP, WORD, SIGN, DROPPED = 0, 1, 2, 3
SCRIPTS = ("", "LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "other")
OTHER = SCRIPTS.index("other")
SPACE = 32
SIZE = 0x10000
# These stand within or over words and would cut them: apostrophes, soft hyphen, joiners, Armenian marks of tone.
WITHIN = "'’ʼ`´\u00ad\u200b\u200c\u200d\ufeff\ufe0f՛՜՞՟"
# What people write instead of an accented letter, where Unicode knows no parts.
PLAIN = {"ł": "l", "đ": "d", "ø": "o", "ß": "s", "ı": "i", "ς": "σ"}
ENDS = ".!?…;·;։\n\r\u2028"
PAUSES = ',:,՝–—()[]"«»“”„/'

Table = NDArray[np.uint32]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Tables by code point, each of `SIZE`; what lies above counts as a sign.

    Args:
        fold: the small letter without accents; 0 for each digit. lower: the small letter as it is.
        kind: GAP, WORD, SIGN or DROPPED. script: a place in `SCRIPTS`; 0 for what is no letter.
        ends, pauses: whether a sentence may end there, and whether a reader pauses.
    """

    fold: Table
    lower: Table
    kind: Bytes
    script: Bytes
    ends: NDArray[np.bool_]
    pauses: NDArray[np.bool_]


@functools.cache
def marks() -> Marks:
    """The tables, made once."""
    fold, lower = np.full(SIZE, SPACE, dtype=np.uint32), np.arange(SIZE, dtype=np.uint32)
    kind, script = np.zeros(SIZE, dtype=np.uint8), np.zeros(SIZE, dtype=np.uint8)
    for code in range(SIZE):
        letter = chr(code)
        sort = unicodedata.category(letter)
        if letter in WITHIN or sort == "Mn":
            kind[code] = DROPPED
        elif sort[0] in "LN":
            kind[code] = WORD
            fold[code], lower[code] = _folded(letter)
            script[code] = _script(letter) if sort[0] == "L" else 0
        elif letter in "!?" or sort in ("So", "Sk"):
            kind[code], fold[code] = SIGN, code
    return Marks(fold, lower, kind, script, _among(ENDS), _among(PAUSES))


def code_points(text: str) -> Table:
    """The code points of a text; those above `SIZE` as they are."""
    order = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
    return np.frombuffer(text.encode(order, "replace"), dtype=np.uint32)


def _folded(letter: str) -> tuple[int, int]:
    if letter.isdigit():
        return ord("0"), ord("0")
    small = letter.lower()
    parts = [one for one in unicodedata.normalize("NFKD", small) if unicodedata.category(one) != "Mn"]
    plain = parts[0] if parts else small[0]
    return ord(PLAIN.get(plain, plain)), ord(small[0])


def _script(letter: str) -> int:
    name = unicodedata.name(letter, "")
    for place, script in enumerate(SCRIPTS[1:OTHER], 1):
        if name.startswith(script):
            return place
    return OTHER


def _among(letters: str) -> NDArray[np.bool_]:
    found = np.zeros(SIZE, dtype=np.bool_)
    found[[ord(one) for one in letters]] = True
    return found
