"""The labelled texts that the command was told of."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from regard.analyses.reading import given_rows
from regard.analytics.words.features import said_before, words_of
from regard.kernel.errors import InvalidInput, NotEnoughData, unknown_name
from regard.warehouse.files.chosen import Table, open_table


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with their labels.

    Args:
        title: what people call the table.
        unlabelled: how many rows have no label and are left out.
        once: labels that stand in one row only, whose rows are left out of learning.
        threads: the conversation of each; before: what was said before it there. None where nobody named conversations.
    """

    title: str
    texts: list[str]
    labels: list[str]
    unlabelled: int
    once: tuple[str, ...] = ()
    threads: list[str | None] | None = None
    before: list[list[str]] | None = None

    def only(self, kept: Sequence[int]) -> Labelled:
        """Some of the rows."""
        return replace(
            self,
            texts=[self.texts[at] for at in kept],
            labels=[self.labels[at] for at in kept],
            threads=self.threads and [self.threads[at] for at in kept],
            before=self.before and [self.before[at] for at in kept],
        )


def read_training(args: argparse.Namespace) -> Labelled:
    """The texts to learn from. Raises: NotEnoughData where they tell nothing apart."""
    if args.text == args.label:
        raise InvalidInput(
            f"--text and --label both name '{args.text}'. Name what was written and what was wanted."
        )
    with given_rows(args, [one for one in (args.text, args.label, args.thread) if one]) as table:
        found = _labelled(table, args)
    if not any(words_of(one) for one in found.texts):
        raise NotEnoughData(
            f"The column '{args.text}' holds no words in any row. Name what was written: --text COL."
        )
    if len(found.texts) > 1 and len(set(found.texts)) == 1:
        raise NotEnoughData(
            f"Every row of {found.title} says the same in '{args.text}', which tells no label from another. Name what was "
            "written: --text COL."
        )
    counted = Counter(found.labels)
    if len(counted) == 1:
        raise NotEnoughData(
            f"Every row of {found.title} has the label '{found.labels[0]}'. Give rows of others too."
        )
    once = tuple(sorted(name for name, n in counted.items() if n == 1))
    kept = [at for at, label in enumerate(found.labels) if counted[label] > 1]
    if len(counted) - len(once) < 2:
        raise NotEnoughData(
            f"Of {len(counted):,} labels in '{args.label}', {len(once):,} stand in one row only; at least two labels need two "
            "rows or more each. Give more rows, or name the column of labels: --label COL."
        )
    return replace(found.only(kept), once=once)


def read_test(args: argparse.Namespace, known: Sequence[str]) -> Labelled:
    """The texts to judge by. Raises: NotEnoughData where they have no label that was learnt."""
    with open_table(Path(args.test)) as table:
        found = _labelled(table, args)
    if not set(found.labels) & set(known):
        some = ", ".join(f"'{one}'" for one in sorted(set(found.labels))[:3])
        raise NotEnoughData(
            f"No label of {found.title} ({some}) was learnt; those learnt are {', '.join(known[:6])}. Give rows of these."
        )
    return found


def read_texts(path: str, column: str, thread: str | None) -> tuple[list[str], list[list[str]] | None]:
    """What was written in each row of a file, "" where nothing was, and what was said before it."""
    with open_table(Path(path)) as table:
        texts = _texts(table, column)
        return texts, _heard(table, thread, texts)[1]


def check_out_of_scope(args: argparse.Namespace, training: Labelled, test: Labelled) -> None:
    """Raises: InvalidInput where no row of either file has the label."""
    known = {*training.labels, *test.labels, *training.once}
    if args.out_of_scope is not None and args.out_of_scope not in known:
        raise unknown_name("label", args.out_of_scope, known)


def _labelled(table: Table, args: argparse.Namespace) -> Labelled:
    (labels,) = table.texts(args.label)
    texts = _texts(table, args.text)
    kept = [at for at, label in enumerate(labels) if label is not None]
    if not kept:
        raise NotEnoughData(
            f"The column '{args.label}' of {table.title} is empty in every row. Fill it, or name another."
        )
    threads, before = _heard(table, args.thread, texts)
    whole = Labelled(
        table.title, texts, [str(one) for one in labels], len(texts) - len(kept), (), threads, before
    )
    return whole.only(kept)


def _heard(
    table: Table, column: str | None, texts: Sequence[str]
) -> tuple[list[str | None] | None, list[list[str]] | None]:
    """The conversation of each row, and what was said before it there; rows without a label count too."""
    if not column:
        return None, None
    (given,) = table.texts(column)
    threads = [None if one is None else str(one) for one in given]
    if len(set(threads) - {None}) < 2:
        raise NotEnoughData(
            f"The column '{column}' of {table.title} names no two conversations. Name another, or give --no-thread."
        )
    return threads, said_before(texts, threads)


def _texts(table: Table, column: str) -> list[str]:
    """As they stand: here "none" and "-" are what a customer wrote, not a gap."""
    table.check(column)
    rows = table.connection.execute(f"SELECT coalesce({table.text_sql(column)}, '') FROM given").fetchall()
    return [text for (text,) in rows]
