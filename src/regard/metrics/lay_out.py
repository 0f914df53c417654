"""From what was measured to readings: in order, small groups withheld, gaps filled with reasons, differences taken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from regard.analytics.arrays import CLUSTERED, NO_INTERVAL, EstimateArrays
from regard.kernel.errors import InvalidInput
from regard.kernel.estimates import Estimate
from regard.kernel.money import exponent
from regard.kernel.periods import Period, next_start
from regard.metrics.compare import Comparison, Slot, differences, hidden_rows
from regard.metrics.log_view import around, why_nothing
from regard.metrics.measure import Measured
from regard.metrics.metric import Unit
from regard.metrics.pieces import WHOLE
from regard.metrics.question import Question
from regard.metrics.readings import (
    MIXED_AMOUNTS,
    MIXED_ANSWERS,
    WITHHELD,
    WITHHELD_TOO,
    Reading,
    Result,
)
from regard.metrics.resampling import resampled

if TYPE_CHECKING:
    from regard.warehouse.engines.engine import Engine

MOST_READINGS = 200_000
NOTHING_HERE = "nothing to count in this period"
MOST_TOLD = 6  # names in a reason


@dataclass(frozen=True, slots=True)
class Told:
    """What the rows that were measured tell.

    Args:
        figures: one for each row, None where there is none. details: further ones of the same rows, by name.
        method: how they and their intervals were made. reason: why a row without a figure has none.
    """

    figures: list[Estimate | None]
    details: dict[str, list[Estimate | None]]
    method: str
    reason: str


def lay_out(
    question: Question,
    measured: Measured,
    connection: Engine,
    zone: ZoneInfo,
    comparison: Comparison | None,
    min_n: int,
    withheld_too: set[int],
) -> Result:
    """The result of a question; the rows `withheld_too` are not shown, whatever their n."""
    question, measured, currency = settle_apart(question, measured)
    period = question.period
    if period is None:
        period = _found_period(question, measured, zone)
    slots = _slots(question, measured, period)
    told = _tell(question, measured, connection)
    missing = why_nothing(question, connection) if _says_nothing(measured, told.figures) else ""
    if "in the log" in missing:
        # Nothing of a kind that the metric needs is recorded here: what looks like 0 is not known.
        slots = [replace(slot, row=-1) for slot in slots]
    closed = hidden_rows(measured, min_n) | withheld_too
    readings = [
        _withheld(question, measured, slot, min_n)
        if slot.row in closed
        else _read(question, measured, told, slot, missing, has_period=period is not None)
        for slot in slots
    ]
    if comparison and period is not None:
        hidden = {at for at, slot in enumerate(slots) if slot.row in closed}
        asked = replace(question, period=period)
        gaps = differences(comparison, asked, measured, slots, hidden, connection, min_n)
        for at, gap in gaps.items():
            readings[at] = replace(readings[at], difference=gap)
    return Result(
        metric=question.metric.key,
        title=question.metric.title,
        method=told.method,
        source=question.metric.source,
        definition=_definition(question),
        unit=question.metric.unit,
        period=period,
        zone=zone.key,
        readings=tuple(readings),
        currency=currency,
        apart=question.apart,
        compared=comparison.text if comparison else "",
    )


def _tell(question: Question, measured: Measured, connection: Engine) -> Told:
    """The figures of all rows, those of few customers with an interval drawn by lot."""
    estimate = question.metric.estimate
    arrays = estimate.figures(measured.sums)
    figures = estimates(arrays)
    drawn = resampled(question, measured, arrays, connection)
    for row, figure in drawn.items():
        figures[row] = figure
    methods = dict.fromkeys(figure.method for figure in drawn.values())
    if not drawn or len(drawn) < sum(figure is not None for figure in figures):
        methods[_method(arrays)] = None
    details = {name: estimates(part) for name, part in estimate.details(measured.sums).items()}
    return Told(figures, details, "; ".join(methods), arrays.reason)


def _withheld(question: Question, measured: Measured, slot: Slot, min_n: int) -> Reading:
    is_small = measured.sums.n[slot.row] < min_n
    why = WITHHELD.format(min_n=min_n) if is_small else WITHHELD_TOO
    return Reading(_named(question, slot, _is_mixed(question, measured)), slot.period, None, why)


def _read(
    question: Question, measured: Measured, told: Told, slot: Slot, missing: str, *, has_period: bool
) -> Reading:
    """The reading of a place that is not withheld; where nothing was measured there, the reason."""
    mixed = _is_mixed(question, measured)
    group = _named(question, slot, mixed)
    if slot.row < 0:
        nothing = missing or question.metric.nobody or NOTHING_HERE
        why = _mixed(question, measured) if mixed and slot.is_total else nothing
        return Reading(group, slot.period if has_period else None, None, why)
    estimate = told.figures[slot.row]
    details = {name: one for name, part in told.details.items() if (one := part[slot.row])}
    reason = None if estimate else question.metric.nobody or told.reason
    return Reading(group, slot.period, estimate, reason, details=details)


def _is_mixed(question: Question, measured: Measured) -> bool:
    """Whether amounts of several currencies, or answers to several questions, stand apart."""
    return bool(question.apart) and len(measured.groups) > 0


def _found_period(question: Question, measured: Measured, zone: ZoneInfo) -> Period | None:
    """The whole days, or pieces, from the first to the last observation; None where there was none."""
    if question.cut is not None:
        pieces = measured.piece[~measured.is_total]
        if not len(pieces):
            return None
        first, last = (question.cut.start_of(int(index)) for index in (pieces.min(), pieces.max()))
        return Period(first, next_start(last, question.cut.grain))
    if measured.first_us is None or measured.last_us is None:
        return None
    return around(measured.first_us, measured.last_us, question, zone)


def from_settings(question: Question, figure: Estimate, zone: ZoneInfo) -> Result:
    """The result of a formula whose inputs were all given in major units: one total, and no log was asked."""
    scale = 10 ** exponent(question.currency) if question.metric.unit is Unit.MONEY else 1
    return Result(
        metric=question.metric.key,
        title=question.metric.title,
        method=figure.method,
        source=question.metric.source,
        definition=_definition(question),
        unit=question.metric.unit,
        period=question.period,
        zone=zone.key,
        readings=(Reading({}, question.period, replace(figure, value=figure.value * scale)),),
        currency=question.currency,
    )


def _says_nothing(measured: Measured, found: list[Estimate | None]) -> bool:
    """Whether the totals hold no figure, or none but 0."""
    totals = [one for one, is_total in zip(found, measured.is_total.tolist(), strict=True) if is_total]
    return all(one is None or one.value == 0 for one in totals)


def settle_apart(question: Question, measured: Measured) -> tuple[Question, Measured, str]:
    """Amounts of one currency need not be kept apart; of several the currency is the last of a group. So are questions.

    Returns: the question and what was measured, without what is the same everywhere, and the one currency.
    """
    if not question.apart:
        return question, measured, question.currency
    kept = sorted({group[-1] or "" for group in measured.groups})
    if len(kept) > 1:
        return question, measured, ""
    groups = [group[:-1] for group in measured.groups]
    currency = "".join(kept) if question.metric.unit is Unit.MONEY else ""
    return replace(question, apart=""), replace(measured, groups=groups), currency


def estimates(figures: EstimateArrays) -> list[Estimate | None]:
    """Each element as an Estimate, None where there is no value; made in one go, because there may be thousands."""
    columns = (figures.value, figures.low, figures.high, figures.n.round(), figures.n_customers.round())
    rows = zip(*(column.tolist() for column in columns), figures.clustered.tolist(), strict=True)
    found: list[Estimate | None] = []
    for value, low, high, n, customers, clustered in rows:
        if value != value:
            found.append(None)
            continue
        method = (
            figures.method
            + (CLUSTERED if clustered else "")
            + (NO_INTERVAL if low != low and high != high else "")
        )
        found.append(
            Estimate(
                value,
                None if low != low else low,
                None if high != high else high,
                int(n),
                method,
                None if customers != customers else int(customers),
            )
        )
    return found


def _slots(question: Question, measured: Measured, period: Period | None) -> list[Slot]:
    """The places of all readings in order: the total, each currency's or question's, then each group over time."""
    places = measured.places()
    blank = (None,) * (len(question.by) + bool(question.apart))
    known = period or Period(question.until, question.until)
    found = []
    if question.apart and measured.groups:
        found.append(Slot(blank, True, WHOLE, known, -1))
        # Where the groups are these, each stands there once.
        is_asked = question.apart in (dimension.key for dimension in question.by)
        totals = [] if is_asked else [key for key in places if key[1]]
        totals.sort(key=lambda key: key[0][-1] or "")
        found += [Slot(group, True, WHOLE, known, places[group, True, at]) for group, _, at in totals]
    else:
        row = next((places[key] for key in places if key[1]), -1)
        found.append(Slot(blank, True, WHOLE, known, row))
    if not question.by and question.cut is None:
        return found
    groups = sorted({group for group, is_total, _ in places if not is_total}, key=_by_name)
    if not question.by and not groups:
        groups = [blank]
    pieces = list(question.cut.pieces(known)) if question.cut else [(WHOLE, known)]
    if len(groups) * len(pieces) > MOST_READINGS:
        raise InvalidInput(
            "%(groups)s groups over %(pieces)s pieces of time are more than %(most)s readings; cut more coarsely, "
            "or take a shorter period.",
            groups=f"{len(groups):,}",
            pieces=f"{len(pieces):,}",
            most=f"{MOST_READINGS:,}",
        )
    for group in groups:
        found += [Slot(group, False, at, piece, places.get((group, False, at), -1)) for at, piece in pieces]
    return found


def _by_name(group: tuple[str | None, ...]) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None, value or "") for value in group)


def _named(question: Question, slot: Slot, mixed: bool) -> dict[str, str | None]:
    """The group of a reading: dimension → value; empty for the total."""
    names = [*(dimension.key for dimension in question.by), *([question.apart] if mixed else [])]
    if slot.is_total:
        return {question.apart: slot.group[-1]} if mixed and slot.row >= 0 else {}
    return dict(zip(names, slot.group, strict=True))


def _mixed(question: Question, measured: Measured) -> str:
    known = sorted({group[-1] or "" for group in measured.groups})
    if question.metric.unit is Unit.MONEY:
        return f"{MIXED_AMOUNTS} {', '.join(one or 'no currency' for one in known)} are never added; choose one currency"
    told = ", ".join(one or "no question" for one in known[:MOST_TOLD]) + (
        " …" if len(known) > MOST_TOLD else ""
    )
    return f"{MIXED_ANSWERS} {told} are never put together; choose one question"


def _method(figures: EstimateArrays) -> str:
    clustered = len(figures) > 0 and bool(np.any(figures.clustered))
    return figures.method + (CLUSTERED if clustered else "")


def _definition(question: Question) -> str:
    """The metric's definition with what was set, so that a figure never stands without its rule."""
    told = [f"{name} = {_told(value)}" for name, value in question.values.items() if value is not None]
    return question.metric.definition + (f" ({'; '.join(told)})" if told else "")


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
