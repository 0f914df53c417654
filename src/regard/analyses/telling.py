"""How an answer is told: a table for people, one JSON document for programs, a picture where one was asked for."""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from regard.analyses.fitting import blocks, least_widths, spread
from regard.kernel.errors import InvalidInput

# What a terminal would obey or read backwards, and no reader would see.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table for people.

    Args:
        title: "" for none.
        columns: their heads; those of `numeric` are set to the right.
        rows: the cells as they are read.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    numeric: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an analysis found.

    Args:
        document: for programs; always with "method" and "source".
        lines: what a person reads first, a sentence each.
        sheets: the figures.
        notes: what to keep in mind, a sentence each.
        draw: gives the picture as SVG, where there is one.
    """

    document: Mapping[str, Any]
    lines: Sequence[str] = ()
    sheets: Sequence[Sheet] = ()
    notes: Sequence[str] = ()
    draw: Callable[[], str] | None = field(default=None)

    def __post_init__(self) -> None:
        assert {"method", "source"} <= set(self.document), "an answer names its method and source"


@dataclass(frozen=True, slots=True)
class Beside:
    """One more answer beside the main one.

    Args:
        key: where it stands in the document.
        entry: what stands there.
        sheet: its figures for people.
    """

    key: str
    entry: Any
    sheet: Sheet
    method: str
    source: str


def add_telling(parser: argparse.ArgumentParser, *, draws: bool = False) -> None:
    """Let the command be told how its answer is wanted."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    if draws:
        parser.add_argument("--svg", metavar="FILE", help="write the picture to this file")


def tell(answer: Answer, args: argparse.Namespace) -> None:
    """Print the answer as it is wanted, and write its picture."""
    picture = getattr(args, "svg", None)
    if picture:
        _write(Path(picture), answer.draw() if answer.draw else "")
    if args.json:
        indent = 2 if sys.stdout.isatty() else None
        document = json.dumps(_plain(answer.document), ensure_ascii=False, indent=indent, allow_nan=False)
        sys.stdout.write(document + "\n")
        return
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    for line in answer.lines:
        console.print(_as_it_is(line), highlight=False)
    for sheet in answer.sheets:
        for table in _tables(sheet, console.width):
            console.print(table)
    for note in answer.notes:
        console.print(note, style="dim", highlight=False, markup=False)
    told = f"method: {answer.document['method']}\nsource: {answer.document['source']}"
    console.print(told, style="dim", highlight=False, markup=False)


def number(value: float | None, digits: int = 3) -> str:
    """A figure as people read it; a dash where there is none.

    >>> number(1234.5678, 1), number(float("nan")), number(None)
    ('1,234.6', '–', '–')
    """
    return "–" if value is None or math.isnan(value) else f"{value:,.{digits}f}"


def between(low: float | None, high: float | None, digits: int = 3) -> str:
    """An interval as people read it; a dash where there is none."""
    low_text, high_text = number(low, digits), number(high, digits)
    return "–" if "–" in (low_text, high_text) else f"{low_text} to {high_text}"


def chance(p: float | None) -> str:
    """A p as people read it.

    >>> chance(0.0312), chance(0.00001)
    ('0.031', '< 0.001')
    """
    if p is None or math.isnan(p):
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _write(path: Path, picture: str) -> None:
    try:
        path.write_text(picture, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(
            "The picture cannot be written to '%(given)s': %(why)s.", given=path, why=error.strerror
        ) from None


def _tables(sheet: Sheet, room: int) -> Iterator[Any]:
    """The table, in several parts below each other where it is wider than there is room."""
    from rich.table import Table

    widths = least_widths(sheet.columns, sheet.rows, sheet.numeric)
    for part, places in enumerate(blocks(sheet.columns, widths, sheet.numeric, room)):
        title = sheet.title if not part else ""
        table = Table(
            title=_as_it_is(title) if title else None,
            title_justify="left",
            box=None,
            pad_edge=False,
            header_style="bold",
        )
        wide = spread(places, sheet.columns, sheet.rows, widths, room)
        for place, width in zip(places, wide, strict=True):
            justify: Any = "right" if place in sheet.numeric else "left"
            table.add_column(_as_it_is(sheet.columns[place]), justify=justify, overflow="fold", width=width)
        for row in sheet.rows:
            table.add_row(*(_as_it_is(row[place]) for place in places))
        yield table


def _as_it_is(said: str) -> Any:
    """A customer's words may hold what the table, or the terminal, would take for orders."""
    from rich.text import Text

    return Text(UNSEEN.sub(" ", said))


def _plain(value: Any) -> Any:
    """The same without numpy's types; what is not a number becomes null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
