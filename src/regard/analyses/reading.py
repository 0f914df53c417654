"""The rows that an analysis is about: of a file, or of the hub where no file is given."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import duckdb

    from regard.metrics.hub import OpenHub
    from regard.warehouse.files.chosen import Table

# What of an interaction can be asked for by name, beside `attributes.NAME`.
COLUMNS = (
    *("interaction_id", "customer_id", "kind", "channel", "touchpoint", "source", "unit", "agent", "thread"),
    *("metric", "score", "weight", "text", "language", "currency", "occurred_at", "received_at"),
    *("duration_seconds", "wait_seconds"),
)
AMOUNT = "amount"


def add_rows(parser: argparse.ArgumentParser) -> None:
    """Let the command be told where its rows stand."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="CSV, Parquet or NDJSON; the hub where none is given"
    )
    parser.add_argument(
        "--where",
        metavar="CONDITION",
        help="of the hub, only the interactions that meet this, such as \"metric = 'nps' and channel = 'web'\"",
    )
    parser.add_argument(
        "--gap",
        action="append",
        default=[],
        metavar="[COL=]VALUE",
        help="what stands for no answer: a word such as Blank, or a number in its column (score=99); once for each",
    )


@contextmanager
def given_rows(
    args: argparse.Namespace, columns: Sequence[str], *, takes_numbers: bool = False
) -> Iterator[Table]:
    """The rows that `args` name (see `add_rows`), closed afterwards.

    Args:
        columns: those of them that will be read; of the hub no others are there.
        takes_numbers: the caller knows in which columns a number stands for no answer.
    Raises: InvalidInput where there is no such file, column or hub.
    """
    from regard.analyses.gaps import check_gaps, hint, without_gaps
    from regard.kernel.errors import InvalidInput
    from regard.warehouse.files.chosen import WrongCells

    with _of_file(args) if args.file else _of_hub(args, columns) as table:
        check_gaps(table, args.gap, takes_numbers=takes_numbers)
        try:
            yield without_gaps(table, args.gap)
        except WrongCells as error:
            raise InvalidInput(f"{error}{hint(error)}") from None


@contextmanager
def _of_file(args: argparse.Namespace) -> Iterator[Table]:
    from pathlib import Path

    from regard.kernel.errors import InvalidInput
    from regard.warehouse.files.chosen import open_table

    if args.where:
        raise InvalidInput("--where is for the hub; choose the rows of a file before you give it.")
    with open_table(Path(args.file)) as table:
        yield table


@contextmanager
def _of_hub(args: argparse.Namespace, columns: Sequence[str]) -> Iterator[Table]:
    from regard.kernel.errors import InvalidInput
    from regard.warehouse.files.chosen import Table

    open_hub: OpenHub = args.open_hub
    with open_hub("duckdb") as hub:
        connection = cast("duckdb.DuckDBPyConnection", hub.connection)
        named = ", ".join(f"{_column(name)} AS {_quoted(name)}" for name in dict.fromkeys(columns))
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW given AS SELECT {named} FROM interactions AS entry {_condition(args.where)}"
        )
        described = connection.execute("DESCRIBE given").fetchall()
        table = Table(connection, {row[0]: row[1] for row in described}, "the hub", hub.zone.key)
        if not len(table):
            raise InvalidInput("Nothing in the hub is like that. Leave --where out, or import something.")
        yield table


def _column(name: str) -> str:
    """What stands for a column in the hub. Raises: InvalidInput with the nearest name."""
    from regard.kernel.errors import unknown_name
    from regard.kernel.money import EXPONENTS
    from regard.metrics.dimensions import ATTRIBUTE, attribute

    head, _, rest = name.partition(".")
    if head == ATTRIBUTE and rest:
        return attribute(rest)
    if name == AMOUNT:
        cases = " ".join(f"WHEN '{code}' THEN {10**digits}" for code, digits in sorted(EXPONENTS.items()))
        return f"entry.amount_minor / (CASE entry.currency {cases} ELSE 100 END)"
    if name not in COLUMNS:
        raise unknown_name("column of the hub", name, (*COLUMNS, AMOUNT, f"{ATTRIBUTE}.NAME"))
    return f"entry.{name}"


def _condition(where: str | None) -> str:
    from regard.kernel.errors import InvalidInput
    from regard.metrics.conditions import parse_condition
    from regard.metrics.dimensions import Filtered

    if not where:
        return ""
    filtered = Filtered()
    condition = parse_condition(where, filtered.column)
    if filtered.traits or filtered.has_account:
        raise InvalidInput("Traits and accounts cannot be filtered on here; columns and attributes can.")
    return f"WHERE {condition}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
