"""Small groups: which figures are withheld so that nobody's single answer shows, not even by subtraction."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

MIN_N = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure that may have to be withheld.

    Args:
        group: the values of its dimensions; () for the total.
        piece: which part of the period.
        n: how many answers stand behind it.
    """

    group: tuple[str | None, ...]
    piece: int
    n: int


def withheld(
    cells: Iterable[Cell], min_n: int, *, adds_up_over_time: bool = True
) -> tuple[set[Cell], set[Cell]]:
    """The cells below `min_n`, and those withheld beside them so that none follows from a total by subtraction.

    A line of cells adds up to a figure that can be had: the groups of one piece (along each dimension) to that piece's
    total, the pieces of one group to that group's total. Where exactly one cell of a line is withheld, or those
    withheld have fewer than `min_n` answers together, the smallest other one of the line goes too; this repeats until
    every line holds.

    Args:
        adds_up_over_time: whether the pieces of a group add up to a figure that can be had.

    >>> small = Cell(("a",), 0, 3)
    >>> first, second = withheld([small, Cell(("b",), 0, 9), Cell(("c",), 0, 40)], 5)
    >>> first == {small}, {cell.n for cell in second}
    (True, {9})
    """
    present = [cell for cell in cells if cell.n > 0]
    small = {cell for cell in present if cell.n < min_n}
    hidden = set(small)
    if not small:
        return set(), set()
    lines = _lines(present, adds_up_over_time)
    changed = True
    while changed:
        changed = False
        for line in lines:
            changed |= _complete(line, hidden, min_n)
    return small, hidden - small


def _complete(line: list[Cell], hidden: set[Cell], min_n: int) -> bool:
    """Withhold more of `line` until what is withheld cannot be told by subtraction; whether anything was added."""
    gone = [cell for cell in line if cell in hidden]
    shown = sorted((cell for cell in line if cell not in hidden), key=lambda cell: (cell.n, str(cell.group)))
    added = False
    while gone and shown and (len(gone) == 1 or sum(cell.n for cell in gone) < min_n):
        cell = shown.pop(0)
        hidden.add(cell)
        gone.append(cell)
        added = True
    return added


def _lines(cells: list[Cell], over_time: bool) -> list[list[Cell]]:
    """Every set of cells that adds up to a figure which somebody could ask for."""
    if not cells:
        return []
    keys: list[Callable[[Cell], Hashable]] = [lambda cell: ("piece", cell.piece)]
    if over_time:
        keys.append(lambda cell: ("group", cell.group))
    for place in range(len(cells[0].group)):
        if len(cells[0].group) > 1:
            keys.append(lambda cell, at=place: (at, cell.piece, cell.group[:at] + cell.group[at + 1 :]))  # type: ignore[misc]
            keys.append(lambda cell, at=place: (at, cell.piece, "only", cell.group[at]))  # type: ignore[misc]
    lines: list[list[Cell]] = []
    for key in keys:
        found: dict[Hashable, list[Cell]] = {}
        for cell in cells:
            found.setdefault(key(cell), []).append(cell)
        lines += [line for line in found.values() if len(line) > 1]
    return lines
