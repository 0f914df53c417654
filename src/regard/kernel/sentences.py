"""Sentences with places, such as "In column '%(column)s'…": from one as it was told back to its places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

PLACE = re.compile(r"%\((\w+)\)s")


def places_of(told: str, sentences: Iterable[str]) -> tuple[str, dict[str, str]] | None:
    """Which of these sentences was told, and what stood in its places; None where it was none of them.

    >>> places_of("The line has 3 columns.", ["The line has %(found)s columns."])
    ('The line has %(found)s columns.', {'found': '3'})
    """
    for sentence in sentences:
        found = _pattern(sentence).fullmatch(told)
        if found is not None:
            return sentence, found.groupdict()
    return None


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    parts = PLACE.split(sentence)
    written = [
        f"(?P<{part}>.*)" if at % 2 else re.escape(part.replace("%%", "%")) for at, part in enumerate(parts)
    ]
    return re.compile("".join(written), re.DOTALL)
