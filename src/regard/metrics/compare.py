"""Differences: to the period before, to a year before, or to another group of the same period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg
from regard.kernel.errors import InvalidInput
from regard.kernel.estimates import Difference
from regard.kernel.periods import Grain, Period, floor, next_start
from regard.metrics.log_view import first_day
from regard.metrics.measure import Measured, measure
from regard.metrics.pieces import WHOLE
from regard.metrics.question import Group, Question
from regard.metrics.small_groups import Cell, withheld

if TYPE_CHECKING:
    from regard.warehouse.engines.engine import Engine

PREVIOUS, YEAR_AGO = "previous", "year-ago"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What readings are compared with: another time, or the group that has `value` in `dimension`.

    `has_pieces` says whether the pieces of time are compared too, or only the whole period.
    """

    text: str
    dimension: str = ""
    value: str = ""
    has_pieces: bool = True


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one reading: its group, its piece of time, and its row among what was measured (-1: none)."""

    group: Group
    is_total: bool
    piece: int
    period: Period
    row: int


def read_comparison(text: str | None) -> Comparison | None:
    """What to compare with. Raises: InvalidInput saying what is allowed."""
    if not text:
        return None
    if text in (PREVIOUS, YEAR_AGO):
        return Comparison(text)
    dimension, equals, value = text.partition("=")
    if not equals or not dimension or not value:
        raise InvalidInput(
            "'%(given)s' is nothing to compare with; use %(known)s or DIMENSION=VALUE (channel=web).",
            given=text,
            known=f"{PREVIOUS}, {YEAR_AGO}",
        )
    return Comparison(text, dimension.strip(), value.strip())


def differences(
    comparison: Comparison,
    question: Question,
    measured: Measured,
    slots: Sequence[Slot],
    hidden: set[int],
    connection: Engine,
    min_n: int,
) -> dict[int, Difference]:
    """The difference of each slot (by its number) that has both sides, its p adjusted over all of them together.

    Withheld figures take no part. Benjamini and Hochberg's correction is over every difference of this one answer.
    """
    pairs = (
        _groups(comparison, question, measured, slots)
        if comparison.dimension
        else _times(comparison, question, slots, connection)
    )
    found: dict[int, Difference] = {}
    for other, matches in pairs:
        closed = hidden_rows(other, min_n)
        usable = [(at, row) for at, row in matches if at not in hidden and row not in closed]
        if not usable:
            continue
        own = measured.sums.take(np.asarray([slots[at].row for at, _ in usable], dtype=np.int64))
        base = other.sums.take(np.asarray([row for _, row in usable], dtype=np.int64))
        gaps = question.metric.estimate.differences(own, base)
        known = ~np.isnan(gaps.value + gaps.low + gaps.high + gaps.p)
        found.update({usable[place][0]: gaps.at(place) for place in np.flatnonzero(known).tolist()})
    if not found:
        return {}
    adjusted = benjamini_hochberg([gap.p for gap in found.values()]).tolist()
    return {at: replace(gap, p_adjusted=p) for (at, gap), p in zip(found.items(), adjusted, strict=True)}


def hidden_rows(measured: Measured, min_n: int) -> set[int]:
    """The rows that small groups keep from being shown."""
    counts = measured.sums.n.round().astype(np.int64).tolist()
    rows = enumerate(zip(measured.groups, measured.is_total.tolist(), measured.piece.tolist(), strict=True))
    cells: dict[Cell, int] = {}
    hidden: set[int] = set()
    for row, (group, is_total, piece) in rows:
        if is_total:
            hidden.update({row} if counts[row] < min_n else ())
        else:
            cells[Cell(group, piece, counts[row])] = row
    if min_n > 1:
        for found in withheld(cells, min_n):
            hidden.update(cells[cell] for cell in found)
    return hidden


Pairs = Iterator[tuple[Measured, list[tuple[int, int]]]]


def _groups(comparison: Comparison, question: Question, measured: Measured, slots: Sequence[Slot]) -> Pairs:
    """Each group beside the one that has the wanted value, everything else alike."""
    place = [dimension.key for dimension in question.by].index(comparison.dimension)
    places = measured.places()
    values = {group[place] for group, is_total, _ in places if not is_total}
    if comparison.value not in values:
        known = ", ".join(sorted(value for value in values if value is not None)) or "none"
        raise InvalidInput(
            "No %(dimension)s is '%(given)s' here. Known: %(known)s.",
            dimension=comparison.dimension,
            given=comparison.value,
            known=known,
        )
    matches = []
    for at, slot in enumerate(slots):
        if slot.is_total or slot.row < 0 or slot.group[place] == comparison.value:
            continue
        base = (*slot.group[:place], comparison.value, *slot.group[place + 1 :])
        row = places.get((base, False, slot.piece))
        if row is not None:
            matches.append((at, row))
    yield measured, matches


def _times(comparison: Comparison, question: Question, slots: Sequence[Slot], connection: Engine) -> Pairs:
    """Each reading beside the one of the same group at another time; totals only where the log holds all of that."""
    assert question.period is not None
    begins = first_day(question, connection) if question.metric.estimate.adds_up else None
    whole = _whole_before(comparison, question, question.period)
    for is_piece in (False, True):
        chosen = [
            (at, slot)
            for at, slot in enumerate(slots)
            if slot.row >= 0
            and (slot.piece != WHOLE) is is_piece
            and _is_held(_earlier(comparison, question, slot.period) if is_piece else whole, begins)
        ]
        if not chosen or (is_piece and not comparison.has_pieces):
            continue
        if is_piece:
            earlier = {slot.piece: _earlier(comparison, question, slot.period) for _, slot in chosen}
            span = Period(
                min((p.start for p in earlier.values()), key=_utc),
                max((p.end for p in earlier.values()), key=_utc),
            )
            asked = _looking_back(question, slots[-1].period.end, span)
            assert question.cut is not None
            index = {piece: question.cut.index_of(then.start) for piece, then in earlier.items()}
        else:
            asked = replace(_looking_back(question, question.period.end, whole), cut=None)
            index = {WHOLE: WHOLE}
        other = measure(asked, connection)
        places = other.places()
        keys = ((at, (slot.group, slot.is_total, index[slot.piece])) for at, slot in chosen)
        yield other, [(at, places[key]) for at, key in keys if key in places]


def _is_held(period: Period, begins: datetime | None) -> bool:
    """Whether the log holds all of a period, as far as its beginning tells."""
    return begins is None or _utc(period.start) >= _utc(begins)


def _whole_before(comparison: Comparison, question: Question, period: Period) -> Period:
    if comparison.text == PREVIOUS:
        return period.previous()
    if question.weeks is not None:
        return Period(period.start - timedelta(weeks=52), period.end - timedelta(weeks=52))
    return period.year_ago()


def _looking_back(question: Question, end: datetime, before: Period) -> Question:
    """The question about an earlier period, looked at as long after its end as it is now after `end`, to the hour.

    The hour that runs counts as whole, so that the same is compared with all through it.
    """
    back = max(_utc(end) - _utc(before.end), timedelta(0))
    hour = _utc(question.until).replace(minute=0, second=0, microsecond=0)
    until = hour if hour == _utc(question.until) else hour + timedelta(hours=1)
    return replace(question, period=before, until=until - back)


def _utc(moment: datetime) -> datetime:
    """Compared and subtracted in UTC: within one zone Python looks at the hands of the clock."""
    return moment.astimezone(UTC)


def _earlier(comparison: Comparison, question: Question, piece: Period) -> Period:
    """The calendar piece that a piece is compared with: the one before, or the same a year before.

    A week is compared with the one 52 weeks before, so that Mondays meet Mondays.
    """
    assert question.cut is not None
    grain, zone = question.cut.grain, question.cut.zone
    start = floor(piece.start.astimezone(zone), grain)
    if comparison.text == PREVIOUS and grain is Grain.HOUR:
        return Period(start, next_start(start, grain)).previous()
    if comparison.text == PREVIOUS:
        return Period(floor(start - timedelta(days=1), grain), start)
    if grain is Grain.WEEK:
        return Period(start - timedelta(weeks=52), piece.end.astimezone(zone) - timedelta(weeks=52))
    return Period(start, piece.end.astimezone(zone)).year_ago()
