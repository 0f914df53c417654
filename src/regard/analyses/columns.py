"""Columns as models take them: numbers, words, or a yes and a no."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats
from regard.analytics.predicting.columns import Column, words_column
from regard.kernel.errors import InvalidInput, NotEnoughData
from regard.warehouse.files.chosen import Table

YES = ("yes", "y", "true", "t", "1", "1.0", "churned", "left", "bought")
NO = ("no", "n", "false", "f", "0", "0.0", "stayed")


def read_columns(table: Table, names: Sequence[str]) -> list[Column]:
    """These columns, as numbers where they hold numbers, else as words.

    Raises: InvalidInput where most cells of a column are numbers and some are not.
    """
    found = []
    for name in names:
        try:
            found.append(Column(name, numbers=table.numbers(name)[0]))
        except InvalidInput:
            (texts,) = table.texts(name)
            if _mostly_numbers(texts):
                raise
            found.append(words_column(name, texts))
    return found


def _mostly_numbers(texts: NDArray[np.object_]) -> bool:
    known = [one for one in texts if one is not None]
    numbers = 0
    for one in known:
        try:
            float(one)
        except ValueError:
            continue
        numbers += 1
    return numbers > len(known) / 2


def yes_or_no(texts: NDArray[np.object_], name: str, yes: str | None, option: str) -> tuple[Floats, str]:
    """1, 0 or not a number for each, and which word is 1.

    Raises: InvalidInput where there are not just two different values, or it cannot be told which is the yes.
    """
    levels = sorted({one for one in texts if one is not None})
    if not levels:
        raise NotEnoughData(f"The column '{name}' is empty in every row. Fill it, or name another.")
    if yes is not None:
        if yes not in levels:
            raise InvalidInput(
                f"'{yes}' stands nowhere in the column '{name}'; it holds {', '.join(levels[:6])}."
            )
        chosen = yes
    elif len(levels) == 2:
        chosen = _which(levels, name, option)
    else:
        some = ", ".join(f"'{one}'" for one in levels[:4])
        raise InvalidInput(
            f"The column '{name}' holds {len(levels):,} different value{'s' * (len(levels) > 1)} ({some}{', …' * (len(levels) > 4)}) where two are "
            f"needed, a yes and a no. Give rows of both, or say what counts as yes: {option} VALUE."
        )
    found = np.array([np.nan if one is None else float(one == chosen) for one in texts])
    if np.nanmin(found) == np.nanmax(found):
        raise NotEnoughData(f"Every row says '{chosen}' in the column '{name}'. Give rows of both kinds.")
    return found, chosen


def _which(levels: Sequence[str], name: str, option: str) -> str:
    words = [one.lower() for one in levels]
    for place in (0, 1):
        if words[place] in YES or words[1 - place] in NO:
            return levels[place]
    raise InvalidInput(
        f"The column '{name}' holds '{levels[0]}' and '{levels[1]}'. Say which of them counts as yes: {option} VALUE."
    )
