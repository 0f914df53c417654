"""Writes the sample company as Parquet files in the standard columns of an import."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from regard.integrations.sample_company.calendar import Calendar
from regard.integrations.sample_company.chunk import Chunk
from regard.integrations.sample_company.contacts import write_contacts
from regard.integrations.sample_company.order_rows import write_orders
from regard.integrations.sample_company.orders import draw_orders
from regard.integrations.sample_company.people import make_people
from regard.integrations.sample_company.rows import Dictionary, Rows
from regard.integrations.sample_company.subscriptions import write_subscriptions
from regard.integrations.sample_company.visits import write_visits
from regard.integrations.sample_company.words.comments import CommentTable
from regard.integrations.sample_company.writing import Writer
from regard.kernel.errors import InvalidInput

CHUNK = 10_000
"""Customers generated at a time; memory does not grow with their number beyond it."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the files to import, those that hold the truth about who is who, and how many rows."""

    interactions: tuple[Path, ...]
    people: tuple[Path, ...]
    n_rows: int
    start: date
    until: date


def generate(
    out: Path, *, customers: int, seed: int, until: date, progress: Callable[[int, int], None] | None = None
) -> Written:
    """Write two years of `customers` people, ending before the day `until`.

    The same customers, seed and day give the same bytes.

    Args:
        out: a folder; `interactions/*.parquet` and `people/*.parquet` are written below it.
        progress: called with people done and rows written after each chunk.

    Raises: InvalidInput where there are no customers.
    """
    if customers < 1:
        raise InvalidInput(f"{customers} customers were asked for; the least is 1.")
    calendar = Calendar(until)
    for folder in ("interactions", "people"):
        shutil.rmtree(out / folder, ignore_errors=True)
        (out / folder).mkdir(parents=True)
    writer = Writer(out, calendar)
    won = np.zeros(24, dtype=np.int64)
    for number, chunk in enumerate(_chunks(calendar, customers, seed)):
        writer.write_chunk(number, chunk)
        won += chunk.n_won
        if progress:
            progress(min((number + 1) * CHUNK, customers), writer.n_rows)
    writer.write_costs(won)
    return Written(tuple(writer.interactions), tuple(writer.people), writer.n_rows, calendar.start, until)


def _chunks(calendar: Calendar, customers: int, seed: int) -> Iterator[Chunk]:
    """The chunks one after the other, each from a seed of its own, so that more customers leave the first unchanged."""
    for number, first in enumerate(range(0, customers, CHUNK)):
        rng = np.random.default_rng(np.random.SeedSequence([seed, number]))
        people = make_people(rng, calendar, first + 1, min(CHUNK, customers - first))
        dictionary = Dictionary()
        chunk = Chunk(people, calendar, rng, Rows(dictionary), CommentTable(dictionary))
        write_visits(chunk)
        orders = draw_orders(chunk)
        threads = write_orders(chunk, orders)
        write_contacts(chunk, orders, threads)
        payer, paid_from = write_subscriptions(chunk)
        won_at = np.full(people.n, np.inf)
        np.minimum.at(won_at, orders.person, orders.day)
        np.minimum.at(won_at, payer, paid_from)
        won_on = won_at[np.isfinite(won_at)].astype(np.int64)
        chunk.n_won = np.bincount(calendar.month[won_on] - 1, minlength=24)
        yield chunk
