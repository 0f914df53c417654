"""What customers wrote, batch by batch, so that a million comments need the memory of a few thousand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from regard.analytics.words.features import WORD
from regard.kernel.errors import NotEnoughData
from regard.warehouse.files.chosen import Table

BATCH = 5_000


def text_batches(table: Table, column: str, *more: str, size: int = BATCH) -> Iterator[tuple[list[Any], ...]]:
    """The texts of a column in the order of its rows, "" where there is none, with what SQL `more` says of each row.

    Here "none" and "-" are what a customer wrote, not a gap. Ask the table nothing else until all batches are read.
    """
    table.check(column)
    listed = ", ".join([f"coalesce({table.text_sql(column)}, '')", *more])
    rows = table.connection.execute(f"SELECT {listed} FROM given")
    while batch := rows.fetchmany(size):
        yield tuple(list(one) for one in zip(*batch, strict=True))


def check_words(table: Table, column: str) -> None:
    """Raises: NotEnoughData where no row of the column holds a word; InvalidInput where there is no such column."""
    for (texts,) in text_batches(table, column):
        if any(WORD.search(one) and any(map(str.isalpha, one)) for one in texts):
            return
    raise NotEnoughData(
        f"The column '{column}' holds no words in any row. Name what was written: --text COL."
    )


@contextmanager
def counting(what: str, total: int) -> Iterator[Any]:
    """Shows on standard error how many of `total` are done; call what it gives with each batch."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)

        def done(batch: Sequence[object]) -> None:
            progress.update(task, advance=len(batch))

        yield done
