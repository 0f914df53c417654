"""The labelled texts that the command was told of."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from regard.analyses.reading import given_rows
from regard.analytics.words.features import words_of
from regard.kernel.errors import InvalidInput, NotEnoughData, unknown_name
from regard.warehouse.files.chosen import Table, open_table


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with their labels.

    Args:
        title: what people call the table.
        unlabelled: how many rows have no label and are left out.
        once: labels that stand in one row only, whose rows are left out of learning.
    """

    title: str
    texts: list[str]
    labels: list[str]
    unlabelled: int
    once: tuple[str, ...] = ()


def read_training(args: argparse.Namespace) -> Labelled:
    """The texts to learn from. Raises: NotEnoughData where they tell nothing apart."""
    if args.text == args.label:
        raise InvalidInput(
            f"--text and --label both name '{args.text}'. Name what was written and what was wanted."
        )
    with given_rows(args, [args.text, args.label]) as table:
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
    kept = [pair for pair in zip(found.texts, found.labels, strict=True) if counted[pair[1]] > 1]
    if len(counted) - len(once) < 2:
        raise NotEnoughData(
            f"Of {len(counted):,} labels in '{args.label}', {len(once):,} stand in one row only; at least two labels need two "
            "rows or more each. Give more rows, or name the column of labels: --label COL."
        )
    texts, labels = [text for text, _ in kept], [label for _, label in kept]
    return Labelled(found.title, texts, labels, found.unlabelled, once)


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


def read_texts(path: str, column: str) -> list[str]:
    """What was written in each row of a file; "" where nothing was."""
    with open_table(Path(path)) as table:
        return _texts(table, column)


def check_out_of_scope(args: argparse.Namespace, training: Labelled, test: Labelled) -> None:
    """Raises: InvalidInput where no row of either file has the label."""
    known = {*training.labels, *test.labels, *training.once}
    if args.out_of_scope is not None and args.out_of_scope not in known:
        raise unknown_name("label", args.out_of_scope, known)


def _labelled(table: Table, args: argparse.Namespace) -> Labelled:
    (labels,) = table.texts(args.label)
    texts = _texts(table, args.text)
    pairs = [(text, str(label)) for text, label in zip(texts, labels, strict=True) if label is not None]
    if not pairs:
        raise NotEnoughData(
            f"The column '{args.label}' of {table.title} is empty in every row. Fill it, or name another."
        )
    return Labelled(
        table.title, [one for one, _ in pairs], [one for _, one in pairs], len(texts) - len(pairs)
    )


def _texts(table: Table, column: str) -> list[str]:
    """As they stand: here "none" and "-" are what a customer wrote, not a gap."""
    table.check(column)
    rows = table.connection.execute(f"SELECT coalesce({table.text_sql(column)}, '') FROM given").fetchall()
    return [text for (text,) in rows]
