"""Runs the one query of a question and lays its rows out as sums, one element for each group and piece."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats
from regard.analytics.times.from_waits import kaplan_meier_arrays
from regard.kernel.errors import InvalidInput
from regard.metrics.estimators.estimator import Sums, taken
from regard.metrics.pieces import WHOLE
from regard.metrics.question import CELLS_ONLY, TOTAL_ONLY, Group, Question

if TYPE_CHECKING:
    from regard.warehouse.engines.engine import Answer, Engine

Keys = tuple[Group, bool, int]
SUMS = ("m", "n", "x", "y", "xx", "yy", "xy")


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What a question found.

    Args:
        groups: the value of each dimension for each row; all None where `is_total`. What is kept apart, such as a currency, is last.
        is_total: the rows over all groups and pieces.
        piece: the index of the piece, WHOLE where the whole period is meant.
        sums: one element for each row.
        first_us, last_us: the instants of the first and last observation in µs since 1970; None where there is none.
    """

    groups: list[Group]
    is_total: NDArray[np.bool_]
    piece: NDArray[np.int64]
    sums: Sums
    first_us: int | None
    last_us: int | None

    def places(self) -> dict[Keys, int]:
        """The row of each group and piece."""
        flags, pieces = self.is_total.tolist(), self.piece.tolist()
        return {key: row for row, key in enumerate(zip(self.groups, flags, pieces, strict=True))}


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """What single customers add below (x) and above (y) the line, and how many of them are alike in both."""

    x: Floats
    y: Floats
    many: NDArray[np.int64]


def measure(question: Question, connection: Engine) -> Measured:
    """Ask the log. One query; what comes back is as long as the answer, not as the log.

    Raises: InvalidInput where the caller's filter compares what cannot be compared, or is a broken pattern.
    """
    if question.metric.estimate.event_time:
        return _measure_waits(question, connection)
    columns = _ask(question, question.sums_sql(), connection)
    names = [*question.groups, *([question.apart] if question.apart else [])]
    is_total = _filled(columns["is_total"]).astype(np.int64) > 0
    piece = _filled(columns["piece"], WHOLE).astype(np.int64)
    found = {name: floats(_filled(columns[name])) for name in (*SUMS, *question.extra)}
    extra = {name: found.pop(name) for name in question.extra}
    weighted = bool(_filled(columns["nw"]).sum() > 0)
    m, n, x, y, xx, yy, xy = (found[name] for name in SUMS)
    sums = Sums(m, n, x, y, xx, yy, xy, weighted=weighted, extra=extra)
    first, last = _bounds(columns["first_us"], columns["last_us"])
    measured = Measured(_groups(columns, names, len(piece)), is_total, piece, sums, first, last)
    return _with_times(measured, question, connection) if question.metric.estimate.wants_times else measured


def measure_values(question: Question, connection: Engine) -> dict[tuple[Group, bool], Values]:
    """What the customers of each group add, and (True) those of all groups together."""
    columns = _ask(question, question.values_sql(), connection)
    x, y = (floats(_filled(columns[name])) for name in ("x", "y"))
    many = _filled(columns["many"]).astype(np.int64)
    names = [*question.groups, *([question.apart] if question.apart else [])]
    rows: dict[tuple[Group, bool], list[int]] = {}
    is_total = (_filled(columns["is_total"]) > 0).tolist()
    for row, key in enumerate(zip(_groups(columns, names, len(many)), is_total, strict=True)):
        rows.setdefault(key, []).append(row)
    return {key: Values(x[own], y[own], many[own]) for key, own in rows.items()}


def _with_times(measured: Measured, question: Question, connection: Engine) -> Measured:
    """The same figures with the distribution of their times."""
    timed = _measure_waits(question, connection)
    places = timed.places()
    rows = [places.get(key, -1) for key in measured.places()]
    if timed.sums.curves is None or min(rows, default=-1) < 0:
        return measured
    curves = taken(timed.sums.curves, np.asarray(rows, dtype=np.int64))
    return replace(measured, sums=replace(measured.sums, curves=curves))


def _ask(question: Question, sql: str, connection: Engine) -> dict[str, Any]:
    import duckdb

    from regard.warehouse.engines.engine import CannotAnswer

    try:
        columns = _answer(question, sql, connection).fetchnumpy()
    except (
        CannotAnswer,
        duckdb.ConversionException,
        duckdb.BinderException,
        duckdb.OutOfRangeException,
        duckdb.InvalidInputException,
    ) as error:
        if not question.where.text:
            raise
        first = str(error).splitlines()[0]
        raise InvalidInput(
            "The filter '%(given)s' cannot be answered: %(why)s", given=question.where.text, why=first
        ) from error
    return columns


def _answer(question: Question, sql: str, connection: Engine) -> Answer:
    """The answer to the one query; what homes ask is kept where the engine keeps counts."""
    from regard.warehouse.engines.engine import Keeps

    if question.is_kept and isinstance(connection, Keeps):
        return connection.keep(sql, question.reads)
    return connection.execute(sql)


def _filled(values: Any, blank: float = 0) -> NDArray[Any]:
    """A column as an array; DuckDB masks what is null."""
    return np.asarray(np.ma.filled(values, blank))


def _bounds(first: Any, last: Any) -> tuple[int | None, int | None]:
    known = np.ma.compressed(first), np.ma.compressed(last)
    if len(known[0]) == 0:
        return None, None
    return int(known[0].min()), int(known[1].max())


def _groups(columns: dict[str, Any], names: list[str], length: int) -> list[Group]:
    if not names:
        return [()] * length
    values = [_texts(columns[name]) for name in names]
    return list(zip(*values, strict=True))


def _texts(values: Any) -> list[str | None]:
    """A column of names as Python texts, None where null."""
    masked = np.ma.getmaskarray(values) if np.ma.isMaskedArray(values) else np.zeros(len(values), dtype=bool)
    plain = np.ma.getdata(values).tolist()
    if not masked.any():
        return [None if value is None else str(value) for value in plain]
    return [
        None if gone or value is None else str(value)
        for value, gone in zip(plain, masked.tolist(), strict=True)
    ]


def _measure_waits(question: Question, connection: Engine) -> Measured:
    columns = _ask(question, question.waits_sql(), connection)
    piece = _filled(columns["piece"], WHOLE).astype(np.int64)
    groups, of_group = _distinct(columns, list(question.groups), len(piece))
    indexes, of_piece = _numbered(piece)
    # Thousands of waits stand in few cells: everything by name is done once for each cell.
    pairs, of_pair = _numbered(of_group * len(indexes) + of_piece)
    cell_of = [(groups[int(pair) // len(indexes)], int(indexes[int(pair) % len(indexes)])) for pair in pairs]
    in_cell = np.bincount(of_pair, weights=_filled(columns["serves"]) != TOTAL_ONLY, minlength=len(pairs))
    cells = sorted((cell for cell, n in zip(cell_of, in_cell.tolist(), strict=True) if n), key=_order)
    blank: Group = (None,) * len(question.groups)
    keys: list[Keys] = [(blank, True, WHOLE)] if len(piece) else []
    if question.groups or question.cut is not None:
        keys += [(group, False, at) for group, at in cells]
    place = {(group, at): number for number, (group, _, at) in enumerate(keys) if number > 0}
    seconds, ended, who = (_filled(columns[name]) for name in ("seconds", "ended", "customer_id"))
    own = np.asarray([place.get(cell, -1) for cell in cell_of], dtype=np.int64)[of_pair]
    times, serves = (_filled(columns[name]).astype(np.int64) for name in ("n", "serves"))
    in_total, in_cells = (
        np.flatnonzero(serves != CELLS_ONLY),
        np.flatnonzero((own >= 0) & (serves != TOTAL_ONLY)),
    )
    group = np.concatenate([np.zeros(len(in_total), np.int64), own[in_cells]])
    chosen = np.concatenate([in_total, in_cells])
    chosen, group = np.repeat(chosen, times[chosen]), np.repeat(group, times[chosen])
    curves = kaplan_meier_arrays(
        floats(seconds[chosen]),
        ended[chosen].astype(bool),
        group=group,
        n_groups=len(keys),
        customers=who[chosen],
    )
    nothing = np.zeros(len(keys))
    n_customers: Floats = curves.n_customers
    sums = Sums(n_customers, curves.n, nothing, nothing, nothing, nothing, nothing, curves=curves)
    flags = np.asarray([total for _, total, _ in keys], dtype=bool)
    pieces = np.asarray([at for _, _, at in keys], dtype=np.int64)
    first, last = _bounds(columns["first_us"], columns["last_us"])
    return Measured([name for name, _, _ in keys], flags, pieces, sums, first, last)


def _distinct(
    columns: dict[str, Any], names: list[str], length: int
) -> tuple[list[Group], NDArray[np.int64]]:
    """The different groups, and which of them each row has."""
    if not names:
        return [()], np.zeros(length, np.int64)
    numbers: dict[Group, int] = {}
    rows = [numbers.setdefault(group, len(numbers)) for group in _groups(columns, names, length)]
    return list(numbers), np.asarray(rows, dtype=np.int64)


def _numbered(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different values in order, and which of them each is; they lie close together, so that nothing is sorted."""
    if len(values) == 0:
        return values, values
    above = values - values.min()
    is_there = np.bincount(above) > 0
    return np.flatnonzero(is_there) + values.min(), (np.cumsum(is_there) - 1)[above]


def _order(key: tuple[Group, int]) -> tuple[tuple[tuple[bool, str], ...], int]:
    """Groups by name, what has none last; then by time."""
    group, piece = key
    return tuple((value is None, value or "") for value in group), piece
