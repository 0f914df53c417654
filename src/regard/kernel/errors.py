"""The four things that can go wrong, so that every edge translates them once.

An error lives beside the function that raises it and inherits from one of these.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class RegardError(Exception):
    """Anything that Regard itself reports; its text is fit to be shown to a person."""


class InvalidInput(RegardError):
    """The caller's mistake: says what was given, what is allowed and what to do."""


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
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return InvalidInput(f"There is no {what} '{given}'.{hint} Known: {', '.join(names) or 'none'}.")
