"""Numbers and shares as people type them."""

from __future__ import annotations

import argparse
import math

from regard.kernel.errors import InvalidInput


def parsed(text: str) -> float:
    """The number or share that `text` says; not a number where it says none."""
    given = text.strip()
    try:
        return float(given.removesuffix("%")) / (100 if given.endswith("%") else 1)
    except ValueError:
        return math.nan


def number_of(text: str, what: str) -> float:
    """The number that `text` says; a percentage is a share. Raises: InvalidInput where it says none, or one without end.

    >>> number_of("12", "--calls"), number_of("80%", "--target")
    (12.0, 0.8)
    """
    value = parsed(text)
    if not math.isfinite(value):
        raise InvalidInput("%(what)s needs a number, not '%(given)s'.", what=what, given=text)
    return value


def share_of(text: str, what: str, *, least: float = 0.0, most: float = 1.0) -> float:
    """The share that `text` says, such as 0.1 or 10%. Raises: InvalidInput where it says none."""
    value = parsed(text)
    if not least <= value <= most:
        raise InvalidInput(
            "%(what)s needs a share from %(least)s to %(most)s, such as 0.9 or 90%%, not '%(given)s'.",
            what=what, least=f"{least:g}", most=f"{most:g}", given=text,
        )  # fmt: skip
    return value


def figure(text: str) -> float:
    """What an option's `type` is where it takes a number or a share."""
    value = parsed(text)
    if math.isnan(value):
        raise argparse.ArgumentTypeError(
            f"'{text}' is no number; write one such as 12.5, or a share as 0.1 or 10%"
        )
    return value
