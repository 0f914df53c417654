"""In which language a text is written: its script decides most, runs of three letters the rest."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from regard.analytics.words.marks import OTHER, SCRIPTS, SIZE, SPACE, code_points, marks
from regard.analytics.words.tokens import Whole, mixed, rolling
from regard.kernel.errors import InvalidInput, unknown_name

LANGUAGES = ("en", "el", "hy", "pl", "ru")
UNKNOWN = "unknown"
SCRIPT_OF = {"en": "LATIN", "pl": "LATIN", "el": "GREEK", "hy": "ARMENIAN", "ru": "CYRILLIC"}
# Where a script is shared with languages that are not known here, a text must read more like the language than like these.
OTHERS = {
    "germanic": ("de", "nl", "sv", "da", "nb"),
    "romance": ("fr", "es", "it", "pt", "ro", "ca"),
    "west slavic": ("cs", "sk", "hsb", "sl", "hr", "sr_Latn"),
    "finnic and turkic": ("fi", "et", "hu", "tr", "az"),
    "baltic": ("lt", "lv"),
    "east slavic": ("uk", "be"),
    "south slavic": ("bg", "mk", "sr"),
    "asian": ("kk", "ky", "mn", "tg"),
}
READ = {
    "LATIN": ("en", "pl", "germanic", "romance", "west slavic", "finnic and turkic", "baltic"),
    "CYRILLIC": ("ru", "east slavic", "south slavic", "asian"),
}
LETTERS = 3
BITS = 14
SMOOTHING = 0.3
# A text reads unlike any language where its runs of letters are this much rarer, on average, than that language's are.
FAR = 2.5
# A short text is taken for one of those that may occur, unless it speaks so much (in nats) for another.
PREFERENCE = 5.0
METHOD = "language by the script of most letters, then by runs of three letters; 'unknown' where these are rare in it"
SOURCE = "Cavnar & Trenkle (1994), SDAIR-94, 161-175; Dunning (1994), NMSU MCCS 94-273"


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How runs of three letters are spread in one language.

    Args:
        chances: array (2 ** BITS,), the natural log of each run's share. mean: of that over its own runs.
    """

    chances: NDArray[np.float32]
    mean: float


def check_languages(languages: Sequence[str]) -> tuple[str, ...]:
    """The languages in the order of `LANGUAGES`. Raises: InvalidInput for one that is not known, or none."""
    for one in languages:
        if one not in LANGUAGES:
            raise unknown_name("language", one, LANGUAGES)
    if not languages:
        raise InvalidInput("No language was named. Name one or more of: en, el, hy, pl, ru.")
    return tuple(one for one in LANGUAGES if one in languages)


def tell_languages(texts: Sequence[str], languages: Sequence[str] = LANGUAGES) -> NDArray[np.str_]:
    """The language of each text, "unknown" where it reads like none of `languages`: array (texts,).

    Source: Dunning (1994), NMSU MCCS 94-273.

    >>> tell_languages(["Where is my parcel?", "Gdzie jest moja paczka?", "Πού είναι το δέμα;", "42"]).tolist()
    ['en', 'pl', 'el', 'unknown']
    """
    chosen = check_languages(languages)
    found = np.full(len(texts), UNKNOWN, dtype="<U7")
    if not len(texts):
        return found
    script, letters, text, per_text = _letters(texts)
    counts = np.bincount(text * len(SCRIPTS) + script, minlength=len(texts) * len(SCRIPTS))
    counts = counts.reshape(len(texts), len(SCRIPTS))[:, 1:]
    main = np.where(counts.sum(axis=1) > 0, counts.argmax(axis=1) + 1, 0)
    for place, name in enumerate(SCRIPTS[1:OTHER], 1):
        owners = [one for one in chosen if SCRIPT_OF[one] == name]
        mine = main == place
        if owners and name in READ:
            told = np.array([*owners, UNKNOWN], dtype="<U7")[_read(letters, text, per_text, name, owners)]
            found[mine] = told[mine]
        elif owners:
            found[mine] = owners[0]
    return found


def spread(texts: Sequence[str]) -> Reading:
    """How runs of three letters are spread in these texts, for `tell_languages`."""
    _, letters, text, _ = _letters(texts)
    runs, _ = _runs(letters, text)
    counts = np.bincount(runs, minlength=1 << BITS) + SMOOTHING
    chances = np.log(counts / counts.sum()).astype(np.float32)
    return Reading(chances, float(chances[runs].mean()))


@functools.cache
def readings() -> dict[str, Reading]:
    """The spread of runs of letters of each language of `READ`, as learnt."""
    raw = files("regard.analytics.words").joinpath("weights", "languages.npz").read_bytes()
    with np.load(BytesIO(raw)) as kept:
        return {
            one: Reading(
                kept[one].astype(np.float32) * np.float32(kept[f"{one}_step"]), float(kept[f"{one}_mean"])
            )
            for names in READ.values()
            for one in names
        }  # fmt: skip


def _read(letters: Whole, text: Whole, n: int, script: str, owners: Sequence[str]) -> Whole:
    """Which of `owners` each text reads like, as its place; their number where it reads more like another language."""
    runs, owner = _runs(letters, text)
    size = np.maximum(np.bincount(owner, minlength=n), 1)
    others = [one for one in READ[script] if one in OTHERS]
    names = [*owners, *others]
    means = np.stack([np.bincount(owner, readings()[one].chances[runs], n) / size for one in names])
    means[: len(owners)] += PREFERENCE / size
    best = means.argmax(axis=0)
    usual = np.array([readings()[one].mean for one in names])
    far = usual[best] - means[best, np.arange(n)] > FAR
    return np.where(far | (best >= len(owners)), len(owners), best)


def _letters(texts: Sequence[str]) -> tuple[NDArray[np.uint8], Whole, Whole, int]:
    """Of each letter of all texts its script, its small form and whose it is; gaps are spaces."""
    table = marks()
    codes = code_points("\n".join([*texts, ""]))
    known = np.where(codes < SIZE, codes, SPACE)
    lengths = np.fromiter((len(one) + 1 for one in texts), dtype=np.int64, count=len(texts))
    text = np.repeat(np.arange(len(texts)), lengths)
    script = table.script[known]
    return script, np.where(script > 0, table.lower[known], SPACE).astype(np.int64), text, len(texts)


def _runs(letters: Whole, text: Whole) -> tuple[Whole, Whole]:
    """The place of each run of three in `Reading.chances`, and whose it is; a gap counts at an end of a run only."""
    inside = np.concatenate([[SPACE], letters, [SPACE]])
    sums, back = rolling(inside.astype(np.uint32))
    at = np.arange(len(letters))
    at = at[inside[at + 1] != SPACE]
    numbers = mixed((sums[at + LETTERS] - sums[at]) * back[at])
    return (numbers & np.uint64((1 << BITS) - 1)).astype(np.int64), text[at]
