"""Tables that are wider than the page, as several below each other: no figure is ever broken in two."""

from __future__ import annotations

from collections.abc import Sequence

GAP = 2
# Cells of words may take several lines, at most as wide as their longest word, within these widths.
NARROW, WIDE = 14, 30


def least_widths(columns: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int]) -> list[int]:
    """How narrow each column can be: figures and intervals stay on one line, words and heads may take several.

    Args:
        columns: the heads. rows: the cells. numeric: the columns of figures.
    """
    found = []
    for place, head in enumerate(columns):
        cells = [row[place] for row in rows]
        whole = max(map(len, cells), default=0)
        is_figure = place in numeric or "interval" in head
        word = max((len(word) for text in (head, *cells) for word in text.split()), default=0)
        head_word = max(map(len, head.split()), default=0)
        found.append(
            max(head_word, whole) if is_figure else min(max(head_word, whole), max(NARROW, min(word, WIDE)))
        )
    return found


def blocks(
    columns: Sequence[str], widths: Sequence[int], numeric: Sequence[int], room: int
) -> list[list[int]]:
    """Which columns stand beside each other, block below block.

    The columns before the first figure name the row and come again in each block; an interval stays beside its figure.

    Args:
        widths: of each column. room: how wide a block may be.

    >>> blocks(["shop", "n", "NPS", "interval"], [4, 3, 5, 12], [1, 2], 20)
    [[0, 1], [0, 2, 3]]
    """
    keys = list(range(min(numeric, default=len(columns))))
    taken = sum(widths[key] + GAP for key in keys)
    found: list[list[int]] = []
    left = 0
    for group in _groups(columns, len(keys)):
        needed = sum(widths[place] + GAP for place in group)
        if not found or needed > left:
            found.append(list(keys))
            left = room + GAP - taken
        found[-1] += group
        left -= needed
    return found or [keys]


def spread(
    places: Sequence[int],
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    room: int,
) -> list[int]:
    """How wide each column of a block is: what room is left goes to those that want more, from the first on."""
    spare = room + GAP - sum(widths[place] + GAP for place in places)
    found = []
    for place in places:
        wanted = max(len(text) for text in (columns[place], *(row[place] for row in rows)))
        more = max(min(wanted - widths[place], spare), 0)
        spare -= more
        found.append(widths[place] + more)
    return found


def _groups(columns: Sequence[str], first: int) -> list[list[int]]:
    """The columns from `first` on, an interval together with what it is of."""
    found: list[list[int]] = []
    for place in range(first, len(columns)):
        if found and "interval" in columns[place]:
            found[-1].append(place)
        else:
            found.append([place])
    return found
