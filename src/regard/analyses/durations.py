"""Lengths of time as people type and read them."""

from __future__ import annotations

import math
import re

from regard.kernel.errors import InvalidInput

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LENGTH = re.compile(r"(?P<count>\d+(?:\.\d+)?)(?P<unit>[smhdw]?)")


def seconds_of(text: str, *, unit: str = "") -> float:
    """How many seconds `text` says, such as "30m", "1.5h" or "52w".

    Args:
        unit: what a number without a letter counts; "" where it could be meant in several ways.
    Raises: InvalidInput for anything else, and for no time at all.

    >>> seconds_of("30m"), seconds_of("90", unit="s"), seconds_of("2w")
    (1800.0, 90.0, 1209600.0)
    """
    found = _LENGTH.fullmatch(text.strip().lower())
    letter = found and (found["unit"] or unit)
    seconds = float(found["count"]) * SECONDS[letter] if found and letter else 0.0
    if not 0 < seconds < math.inf:
        raise InvalidInput(
            "'%(given)s' is no length of time. Give a number above 0 and a letter: 20s, 30m, 1h, 7d or 52w.",
            given=text,
        )
    return seconds


def said_seconds(seconds: float | None) -> str:
    """A length of time as people read it; a dash where there is none.

    >>> said_seconds(42), said_seconds(5400), said_seconds(200_000), said_seconds(0.25), said_seconds(None)
    ('42 s', '1.5 h', '2.3 d', '0.25 s', '–')
    """
    if seconds is None or math.isnan(seconds):
        return "–"
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if abs(seconds) >= size:
            return f"{seconds / size:,.1f} {unit}"
    return f"{seconds:.3g} s"
