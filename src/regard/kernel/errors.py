"""The four things that can go wrong, so that every edge translates them once.

An error lives beside the function that raises it and inherits from one of these.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class RegardError(Exception):
    """Anything that Regard itself reports; its text is fit to be shown to a person."""


class Word(str):
    """A word of ours in a place of a sentence, never one that was given: a page says it in its reader's language.

    Args:
        text: the word, or a whole reason.
        known_as: how the catalogues of words have it, where that is shorter.
    """

    known_as: str

    def __new__(cls, text: str, known_as: str = "") -> Word:
        made = super().__new__(cls, text)
        made.known_as = known_as or text
        return made


class InvalidInput(RegardError):
    """The caller's mistake: says what was given, what is allowed and what to do.

    Args:
        sentence: the whole text; or one with places such as `%(given)s`, by which a page finds it in its reader's
            language.
        details: what stands in these places.
    """

    def __init__(self, sentence: str, **details: object) -> None:
        super().__init__(sentence % details if details else sentence)
        self.sentence = sentence
        self.details = details


class UnknownName(InvalidInput):
    """A name that does not exist: what was meant to be named, the nearest known one ("" for none), and all of them."""

    def __init__(self, what: str, given: str, near: str, known: tuple[str, ...]) -> None:
        hint = f" Did you mean '{near}'?" if near else ""
        super().__init__(f"There is no {what} '{given}'.{hint} Known: {', '.join(known) or 'none'}.")
        self.what, self.given, self.near, self.known = what, given, near, known


class Temporary(RegardError):
    """The world's failure that may pass: try again later (a full disk, a server that does not answer)."""


class Permanent(RegardError):
    """The world's failure that will not pass by itself: stop and tell someone."""


class NotEnoughData(RegardError):
    """There is no honest number, and the text says why. No data is not zero."""


def unknown_name(what: str, given: str, allowed: Iterable[str]) -> InvalidInput:
    """The error for a name that does not exist, with the nearest one that does.

    >>> str(unknown_name("metric", "npss", ["nps", "csat"]))
    "There is no metric 'npss'. Did you mean 'nps'? Known: csat, nps."
    """
    names = sorted(allowed)
    near = get_close_matches(given, names, n=1, cutoff=0.5)
    return UnknownName(what, given, near[0] if near else "", tuple(names))
