"""Figures for who may not read single answers: of whole local weeks, and of a source only where none follows from it.

Two questions whose periods differ by an instant or a day would give a single answer away by subtraction, and so would
one source's figures beside those of all sources.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from regard.kernel.errors import InvalidInput
from regard.kernel.periods import Grain, Period, floor, next_start
from regard.metrics.compare import hidden_rows
from regard.metrics.dimensions import read_dimension
from regard.metrics.measure import Measured, measure
from regard.metrics.pieces import WHOLE, Cut
from regard.metrics.question import Group, Question
from regard.metrics.small_groups import Cell, withheld

if TYPE_CHECKING:
    from regard.warehouse.engines.engine import Engine

GRAINS = (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)


def in_whole_weeks(question: Question, weeks: Cut) -> Question:
    """The question about whole weeks (Monday to Monday): its period widened, its months made of the weeks they begin.

    Raises: InvalidInput where it is cut more finely than by week.
    """
    if question.cut is not None and question.cut.grain not in GRAINS:
        raise InvalidInput(
            "Your role sees figures of whole weeks: cut by %(allowed)s, not by %(given)s.",
            allowed=", ".join(GRAINS),
            given=str(question.cut.grain),
        )
    return replace(question, period=question.period and widened(question.period, weeks), weeks=weeks)


def widened(period: Period, weeks: Cut) -> Period:
    """The whole weeks that hold a period."""
    start, end = (moment.astimezone(weeks.zone) for moment in (period.start, period.end))
    last = floor(end, Grain.WEEK)
    return Period(floor(start, Grain.WEEK), last if end == last else next_start(end, Grain.WEEK))


def hidden_of_source(question: Question, own: Measured, connection: Engine, least: int) -> set[int]:
    """The rows of one source's figures that are withheld because others would follow from them.

    They are judged in the table of all sources, where the sources of a group add up to that group's figure.
    """
    by = (read_dimension("source"), *question.by)
    table = measure(replace(question, by=by, source=""), connection)
    places = own.places()
    closed = {
        (table.groups[row][1:], False, int(table.piece[row]))
        for row in hidden_rows(table, least)
        if table.groups[row][0] == question.source
    }
    gone = _hidden_totals(question, table, least)
    totals = {
        row
        for (group, is_total, _), row in places.items()
        if is_total and (question.source, *_apart(question, group)) in gone
    }
    return totals | {places[key] for key in closed if key in places}


def _hidden_totals(question: Question, table: Measured, least: int) -> set[Group]:
    """The sources (with their currency) whose totals are withheld."""
    n: Counter[Group] = Counter()
    rows = zip(table.groups, table.is_total.tolist(), table.piece.tolist(), table.sums.n, strict=True)
    for group, is_total, piece, answers in rows:
        if not is_total and (piece != WHOLE or question.cut is None):
            n[(group[0], *_apart(question, group))] += round(answers)
    small, beside = withheld([Cell(group, WHOLE, many) for group, many in n.items()], least)
    return {cell.group for cell in small | beside}


def _apart(question: Question, group: Group) -> Group:
    return group[-1:] if question.apart else ()
