"""Which column says what belongs to one conversation: the one named, or one that shows it by its name and its rows."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from regard.kernel.errors import InvalidInput
from regard.warehouse.files.chosen import Table, open_table

NAMES = frozenset(
    f"{one}{ending}"
    for one in ("conversation", "thread", "dialogue", "dialog", "chat")
    for ending in ("", "_id", "id")
)
# A column names conversations where each has so many rows on average.
TURNS = 1.5


def thread_of(args: argparse.Namespace) -> str | None:
    """The column of conversations: what `--thread` names, or one that all files have; None where there is none.

    Such a column has a usual name (`conversation_id`, say), and in each file the rows of a conversation stand together,
    so that their order can be believed.
    """
    if args.thread and args.no_thread:
        raise InvalidInput("--thread and --no-thread contradict each other; give one of them.")
    if args.thread or args.no_thread or not args.file:
        return str(args.thread) if args.thread else None
    common: set[str] | None = None
    for path in filter(None, (args.file, args.test, args.predict)):
        with open_table(Path(path)) as table:
            usual = [one for one in table.columns if one.lower().replace(" ", "_") in NAMES]
            found = {
                one for one in usual if one not in (args.text, args.label) and _stands_together(table, one)
            }
        common = found if common is None else common & found
        if not common:
            return None
    return min(common or (), default=None)


def _stands_together(table: Table, column: str) -> bool:
    """Whether each row belongs to a conversation, each of several has its rows in one piece, and most have some."""
    (given,) = table.texts(column)
    if len(given) < 2 or any(one is None for one in given):
        return False
    pieces = 1 + int(np.count_nonzero(given[1:] != given[:-1]))
    return 2 <= pieces == len(set(given)) and pieces * TURNS <= len(given)
