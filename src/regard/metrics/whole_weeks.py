"""Figures for who may not read single answers: made of whole local weeks, none of which is small.

Two questions that differ by an instant, a day or a source would give a single answer away by subtraction. So such a
reader's figures are sums of cells (a group within a local week) that are judged the same whatever else is asked: a cell
of too few answers is left out of every figure of its group, and so is a second cell of that week where the first would
follow from the others. Every difference between two such figures is again a sum of cells that may be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from regard.kernel.errors import InvalidInput
from regard.kernel.periods import Grain, Period, floor, next_start
from regard.metrics.dimensions import read_dimension
from regard.metrics.pieces import Cut
from regard.metrics.question import Group, Question
from regard.metrics.small_groups import Cell, withheld

if TYPE_CHECKING:
    from regard.warehouse.engines.engine import Engine

GRAINS = (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
Weeks = set[tuple[int, Group]]


def in_whole_weeks(question: Question, weeks: Cut, least: int) -> Question:
    """The question about whole weeks (Monday to Monday): its period widened, its months made of the weeks they begin.

    Raises: InvalidInput where it is cut more finely than by week.
    """
    if question.cut is not None and question.cut.grain not in GRAINS:
        raise InvalidInput(
            f"Your role sees figures of whole weeks: cut by {', '.join(GRAINS)}, not by {question.cut.grain}."
        )
    return replace(
        question, period=question.period and widened(question.period, weeks), weeks=weeks, least=least
    )


def widened(period: Period, weeks: Cut) -> Period:
    """The whole weeks that hold a period."""
    start, end = (moment.astimezone(weeks.zone) for moment in (period.start, period.end))
    last = floor(end, Grain.WEEK)
    return Period(floor(start, Grain.WEEK), last if end == last else next_start(end, Grain.WEEK))


def without_small_weeks(question: Question, connection: Engine) -> tuple[Question, Question]:
    """The question for its total and the question for its groups, each without the cells that are too small for it.

    They are one where nothing is too small, or where there are no groups.
    """
    counted = _counted(question, connection)
    places = len(question.by) + bool(question.source)
    totals = _added_up(counted, bool(question.source), places)
    gone_totals = _too_small(totals, question, tabled=bool(question.source))
    gone_weeks = {(week, group[-1:] if question.split_currency else ()) for week, group in gone_totals}
    gone = _too_small(counted, question, tabled=True)
    # What adds up to a figure that is left out must not be told in parts.
    gone |= {
        (cell.piece, cell.group)
        for cell in counted
        if (cell.piece, cell.group[-1:] if question.split_currency else ()) in gone_weeks
    }
    if not gone and not gone_totals:
        return question, question
    own = _of_source(gone, question)
    whole = replace(question, by=(), cut=None, left_out=_ordered(_of_source(gone_totals, question)))
    if not question.by:
        return replace(whole, cut=question.cut), replace(whole, cut=question.cut)
    return whole, replace(question, left_out=_ordered(own))


def _counted(question: Question, connection: Engine) -> list[Cell]:
    """How many answers stand in each group and week, of all sources."""
    by = ((read_dimension("source"),) if question.source else ()) + question.by
    rows = connection.execute(replace(question, by=by, source="").weeks_sql()).fetchall()
    return [Cell(tuple(group), int(week), int(n)) for *group, week, n in rows]


def _added_up(counted: Iterable[Cell], by_source: bool, places: int) -> list[Cell]:
    """The cells without the groups: per week, source and currency as far as these are told apart."""
    found: dict[tuple[Group, int], int] = {}
    for cell in counted:
        key = (cell.group[:1] if by_source else ()) + cell.group[places:], cell.piece
        found[key] = found.get(key, 0) + cell.n
    return [Cell(group, week, n) for (group, week), n in found.items()]


def _too_small(cells: Sequence[Cell], question: Question, *, tabled: bool) -> Weeks:
    """The cells that may not be seen: the small ones and, in a table that adds up, those that would tell them."""
    if not tabled:
        return {(cell.piece, cell.group) for cell in cells if cell.n < question.least}
    # Amounts of two currencies never add up, so each currency is a table of its own.
    tables: dict[Group, list[Cell]] = {}
    for cell in cells:
        tables.setdefault(cell.group[-1:] if question.split_currency else (), []).append(cell)
    found: Weeks = set()
    for table in tables.values():
        for part in withheld(table, question.least, adds_up_over_time=False):
            found |= {(cell.piece, cell.group) for cell in part}
    return found


def _of_source(gone: Weeks, question: Question) -> Weeks:
    """The cells of the one source that is asked about, told without it."""
    if not question.source:
        return gone
    return {(week, group[1:]) for week, group in gone if group[0] == question.source}


def _ordered(gone: Weeks) -> tuple[tuple[int, Group], ...]:
    return tuple(sorted(gone, key=lambda cell: (cell[0], tuple(part or "" for part in cell[1]))))
