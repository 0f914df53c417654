"""The rows that the command was told of, as a log of events, with what else stands in them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regard.analyses.reading import given_rows
from regard.analytics.journeys.log import EventLog, gathered, without
from regard.kernel.errors import InvalidInput, NotEnoughData, unknown_name
from regard.warehouse.files.chosen import Table
from regard.warehouse.files.eventlogs import COLUMNS, form_of, open_log
from regard.warehouse.files.events import Events, read_events

MANY = 1_000_000
HUB = ("customer_id", "kind", "occurred_at")


@dataclass(frozen=True, slots=True, eq=False)
class Journeys:
    """The events, and further columns of their rows.

    Args:
        title: what people call the table. case: the column that says which events belong together. left_out: rows without a case, an activity or a time.
        texts, numbers: further columns by name, an element for each event in the log's order.
    """

    title: str
    case: str
    log: EventLog
    left_out: int
    texts: dict[str, NDArray[np.object_]] = field(default_factory=dict)
    numbers: dict[str, NDArray[np.float64]] = field(default_factory=dict)


def read_journeys(args: argparse.Namespace) -> Journeys:
    """The journeys that `args` name.

    Raises: InvalidInput where a column is missing or named twice; NotEnoughData where nothing follows anything.
    """
    named = _named(args)
    if len(set(named)) < len(named):
        raise InvalidInput("--case, --activity and --time are three columns; one is named twice.")
    case, activity, time = named
    outcome = (args.outcome or "").partition("=")[0]
    wanted = (args.segment if args.step else "", args.channel, outcome, case if args.out else "")
    texts = {one for one in wanted if one}
    numbers = {args.amount} if args.amount and (args.model or args.out) else set()
    with _opened(args, [*named, *sorted(texts | numbers)]) as table:
        events = read_events(table, case=case, activity=activity, time=time)
        log, left_out = _log(events, keep_rows=bool(texts or numbers))
        columns = {one: table.texts(one)[0][log.rows] for one in sorted(texts)}
        figures = {one: table.numbers(one)[0][log.rows] for one in sorted(numbers)}
        found = Journeys(table.title, case, log, left_out, columns, figures)
    if len(log.names) == 1:
        raise NotEnoughData(
            f"Everything in '{activity}' is '{log.names[0]}'. Choose the column that tells steps apart."
        )
    if log.n_events == log.n_cases:
        raise NotEnoughData(
            f"No case of '{case}' has two events, so nothing follows anything. Choose the column that binds "
            "the events of one customer or one order together."
        )
    return found


def place_of(log: EventLog, name: str) -> int:
    """The place of an activity. Raises: InvalidInput with the nearest one that happens."""
    if name not in log.names:
        raise unknown_name("activity", name, log.names)
    return log.names.index(name)


def has_any(log: EventLog, places: list[int]) -> NDArray[np.bool_]:
    """For each case, whether one of these activities happens in it."""
    return np.logical_or.reduceat(np.isin(log.activities, places), log.starts[:-1])


def _named(args: argparse.Namespace) -> list[str]:
    """The columns of case, activity and time: as named, or as the log's own form or the hub calls them."""
    form = form_of(Path(args.file)) if args.file else None
    usual = HUB if not args.file else COLUMNS.get(form or "", ("", "", ""))
    named = [given or own for given, own in zip((args.case, args.activity, args.time), usual, strict=True)]
    if not all(named):
        raise InvalidInput("Say which columns hold what: --case, --activity and --time.")
    return named


@contextmanager
def _opened(args: argparse.Namespace, columns: list[str]) -> Iterator[Table]:
    if args.file and form_of(Path(args.file)):
        if args.where:
            raise InvalidInput("--where is for the hub; choose the events of a log before you give it.")
        with open_log(Path(args.file), args.object) as table:
            yield table
    else:
        with given_rows(args, columns) as table:
            yield table


def _log(events: Events, *, keep_rows: bool) -> tuple[EventLog, int]:
    """The log, and how many rows tell of no event."""
    from rich.console import Console
    from rich.progress import Progress

    if events.most < MANY or not sys.stderr.isatty():
        log = gathered(events.batches, events.most, events.names, keep_rows=keep_rows)
    else:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("reading events", total=events.most)
            log = gathered(
                events.batches,
                events.most,
                events.names,
                keep_rows=keep_rows,
                progress=lambda n: progress.update(task, advance=n),
            )
    kept = without(log, np.isin(log.keys, events.nobodys))
    return kept, events.most - kept.n_events
