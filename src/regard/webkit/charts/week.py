"""A week as a grid of hours: the darker, the more. Words stand beside it in HTML, the numbers in a table."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

DAYS, HOURS = 7, 24
LEVELS = 5


def draw_week(values: Sequence[Sequence[float]], *, label: str) -> SafeString:
    """The grid in a box of 24 by 7 that stretches to the room it gets.

    Args:
        values: seven rows, Monday first, of 24 hours each; none is below 0.
        label: what a screen reader says instead.
    """
    top = max((value for row in values for value in row), default=0.0)
    cells = [
        f'<rect class="w{level_of(value, top)}" x="{hour + 0.04}" y="{day + 0.04}" width="0.92" height="0.92"/>'
        for day, row in enumerate(values)
        for hour, value in enumerate(row)
    ]
    return format_html(
        '<svg class="week" viewBox="0 0 24 7" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        label,
        mark_safe("".join(cells)),  # numbers only
    )


def level_of(value: float, top: float) -> int:
    """Which of the shades a value has: 0 for nothing, else by fifths of the largest.

    >>> [level_of(value, 10.0) for value in (0, 0.1, 2, 2.1, 10)]
    [0, 1, 1, 2, 5]
    """
    if value <= 0 or top <= 0:
        return 0
    return min(LEVELS, 1 + int(LEVELS * value / top - 1e-9))
