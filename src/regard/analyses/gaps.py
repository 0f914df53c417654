"""What a file writes where nobody answered, such as Blank or 99."""

from __future__ import annotations

import math
from collections.abc import Sequence

from regard.kernel.errors import InvalidInput, unknown_name
from regard.warehouse.files.chosen import Table, WrongCells
from regard.warehouse.files.tables import identifier, quote

FOUND = "given_with_gaps"


def without_gaps(table: Table, gaps: Sequence[str]) -> Table:
    """The table with nothing in cells that stand for no answer.

    Args:
        gaps: words, which count in every column of text, and column=value, which counts in that column. A number without a
            column is left to whoever knows which columns hold answers.
    """
    words = [one for one in gaps if _is_word(table, one)]
    own = dict.fromkeys(table.columns, "")
    for name, kind in table.columns.items():
        said = [one.rpartition("=")[2] for one in gaps if _column(table, one) == name]
        own[name] = _is_one_of(name, [*said, *(words if kind == "VARCHAR" else [])])
    emptied = {name: sql for name, sql in own.items() if sql}
    if not emptied:
        return table
    listed = ", ".join(
        f"CASE WHEN {sql} THEN NULL ELSE {identifier(name)} END AS {identifier(name)}"
        for name, sql in emptied.items()
    )
    table.connection.execute(f"DROP VIEW IF EXISTS {FOUND}")
    table.connection.execute(f"ALTER VIEW given RENAME TO {FOUND}")
    table.connection.execute(f"CREATE TEMP VIEW given AS SELECT * REPLACE ({listed}) FROM {FOUND}")
    return table


def check_gaps(table: Table, gaps: Sequence[str], *, takes_numbers: bool) -> None:
    """Raises: InvalidInput for a number without a column, as it would empty ids and amounts too, and for no column."""
    for gap in gaps:
        if "=" in gap and not _column(table, gap):
            raise unknown_name("column", gap.rpartition("=")[0], table.columns)
        if not takes_numbers and not _column(table, gap) and as_number(gap) is not None:
            raise InvalidInput(f"Say in which column {gap} stands for no answer: --gap COL={gap}.")


def hint(error: WrongCells) -> str:
    """What to ask for where a word may stand for no answer."""
    given = str(error.details["given"])
    is_plain = any(map(str.isalpha, given)) and not any(map(str.isdigit, given))
    return (
        f" If it stands for no answer, say so: --gap '{given}'."
        if is_plain and not _is_infinite(given)
        else ""
    )


def _is_word(table: Table, gap: str) -> bool:
    """Whether it stands for no answer in every column."""
    return not _column(table, gap) and as_number(gap) is None


def as_number(gap: str) -> float | None:
    """The number that it is, if it is one.

    >>> as_number("99"), as_number("Blank")
    (99.0, None)
    """
    try:
        number = float(gap)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False


def _column(table: Table, gap: str) -> str:
    """The column that it names, "" where it names none."""
    name = gap.rpartition("=")[0]
    return name if name in table.columns else ""


def _is_one_of(name: str, values: Sequence[str]) -> str:
    """Whether a cell of this column is one of the values, "" where there are none."""
    column = identifier(name)
    found = [f"lower(trim({column}::VARCHAR)) = {quote(one.strip().lower())}" for one in values]
    numbers = [number for one in values if (number := as_number(one)) is not None]
    found += [f"TRY_CAST({column}::VARCHAR AS DOUBLE) = {number!r}" for number in numbers]
    return " OR ".join(found)
