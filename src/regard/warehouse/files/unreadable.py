"""Why a single row cannot be read, where the sentence names what stands in it; and many such as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from regard.kernel.sentences import places_of

NO_TIME = "In column '%(column)s', '%(given)s' is not a time in the form expected."
NO_NUMBER = "In column '%(column)s', '%(given)s' is not a number in the form expected."
OTHER_WIDTH = "The line has %(given)s columns where the header names %(expected)s."
SENTENCES = (NO_TIME, NO_NUMBER, OTHER_WIDTH)

LONGEST_CODE = 60


def code_of(reason: str) -> str:
    """A short code for lists and counts; sentences about one value share theirs.

    >>> code_of("time_missing"), code_of("In column 'when', 'Monday' is not a time in the form expected.")
    ('time_missing', 'value_unreadable')
    """
    if " " not in reason:
        return reason[:LONGEST_CODE]
    found = places_of(reason, (OTHER_WIDTH,))
    return "wrong_number_of_columns" if found else "value_unreadable"


@dataclass(slots=True)
class Gathered:
    """One reason with all rows that it holds for, whatever each of them has in the place of `given`.

    Args:
        reason: a code, or the sentence of the first row.
        line, raw: of the first row.
        given: what the rows have there, the most frequent first.
    """

    reason: str
    n: int = 0
    line: int = 0
    raw: str = ""
    given: list[str] = field(default_factory=list)


def gather(rows: Iterable[tuple[str, int, int, str]]) -> list[Gathered]:
    """Reasons (each with how many rows, its first line and how that begins), those that differ in the value only as one.

    Returns: the most frequent first.
    """
    found: dict[tuple[str, ...], Gathered] = {}
    for reason, n, line, raw in sorted(rows, key=lambda row: (-row[1], row[2])):
        sentence, places = places_of(reason, SENTENCES) or (reason, {})
        given = places.pop("given", None)
        one = found.setdefault((sentence, *places.values()), Gathered(reason, 0, line, raw))
        if line < one.line:
            one.reason, one.line, one.raw = reason, line, raw
        one.n += n
        if given is not None:
            one.given.append(given)
    return sorted(found.values(), key=lambda one: (-one.n, one.line))
