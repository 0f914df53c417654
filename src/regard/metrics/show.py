"""Results for people: rounded and turned to per cent here, and nowhere before."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from regard.kernel.periods import Period
from regard.metrics.metric import Better, Metric, Unit
from regard.metrics.readings import Reading, Result

if TYPE_CHECKING:
    from rich.table import Table

SURE = 0.05


def amount(value: float | None, unit: Unit, currency: str = "", *, signed: bool = False) -> str:
    """A figure as people write it.

    >>> amount(0.8123, Unit.FRACTION), amount(-5.04, Unit.POINTS, signed=True), amount(9000, Unit.SECONDS)
    ('81.2%', '-5.0', '2.5 h')
    """
    if value is None:
        return "–"
    sign = "+" if signed else ""
    match unit:
        case Unit.FRACTION:
            return f"{100 * value:{sign}.1f}" + (" pp" if signed else "%")
        case Unit.POINTS:
            return f"{value:{sign}.1f}"
        case Unit.SECONDS:
            return _duration(value, sign)
        case Unit.MONEY:
            return f"{value:{sign},.2f} {currency}".strip()
        case Unit.COUNT:
            return f"{value:{sign},.0f}"
        case _:
            return f"{value:{sign}.2f}"


def _duration(seconds: float, sign: str) -> str:
    for size, name in ((86_400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if abs(seconds) >= 1.5 * size:
            return f"{seconds / size:{sign}.1f} {name}"
    return f"{seconds:{sign}.1f} s"


def table(result: Result, metric: Metric) -> Table:
    """The readings as a table: figure, interval, n and, where asked for, the difference with what it means."""
    from rich.table import Table as RichTable

    names = list(dict.fromkeys(name for reading in result.readings for name in reading.group))
    many_periods = len({reading.period for reading in result.readings}) > 1
    found = RichTable(box=None, pad_edge=False, header_style="bold")
    for name in names:
        found.add_column(name, overflow="fold")
    if many_periods:
        found.add_column("from", no_wrap=True)
    found.add_column(result.title, justify="right", no_wrap=True)
    found.add_column("95% interval", justify="right", no_wrap=True)
    found.add_column("n", justify="right", no_wrap=True)
    found.add_column("customers", justify="right", no_wrap=True)
    if result.compared:
        found.add_column(f"less {result.compared}", justify="right", no_wrap=True)
        found.add_column("p adjusted", justify="right", no_wrap=True)
        found.add_column("")
    found.add_column("")
    for reading in result.readings:
        found.add_row(*_row(result, metric, reading, names, many_periods))
    return found


def _row(result: Result, metric: Metric, reading: Reading, names: list[str], many_periods: bool) -> list[str]:
    scale = result.scale(reading)
    currency = reading.group.get("currency") or result.currency
    cells = [_group(reading, name) for name in names]
    if many_periods:
        cells.append(_start(reading.period))
    estimate = reading.estimate

    def told(value: float | None, *, signed: bool = False) -> str:
        return amount(None if value is None else value / scale, result.unit, currency or "", signed=signed)

    if estimate is None:
        cells += ["–", "", "", ""]
    else:
        has_interval = estimate.low is not None or estimate.high is not None
        interval = f"{told(estimate.low)} to {told(estimate.high)}" if has_interval else ""
        customers = "" if estimate.n_customers is None else f"{estimate.n_customers:,}"
        cells += [told(estimate.value), interval, f"{estimate.n:,}", customers]
    if result.compared:
        gap = reading.difference
        p = "" if gap is None or gap.p_adjusted is None else f"{gap.p_adjusted:.3f}"
        cells += [told(gap.value, signed=True) if gap else "", p, change(reading, metric)]
    more = [f"{name} {told(one.value)}" for name, one in reading.details.items()]
    cells.append(reading.reason or " · ".join(more))
    return cells


def change(reading: Reading, metric: Metric) -> str:
    """What may be said about a difference: a change only where the corrected p says so."""
    gap = reading.difference
    if gap is None or gap.p_adjusted is None:
        return ""
    if gap.p_adjusted > SURE:
        return "no change shown"
    up = gap.value > 0
    if metric.better is Better.NEITHER:
        return "higher" if up else "lower"
    return "better" if up is (metric.better is Better.HIGHER) else "worse"


def _group(reading: Reading, name: str) -> str:
    if not reading.group:
        return "all"
    value = reading.group.get(name, "")
    return "(none)" if value is None else value


def _start(period: Period | None) -> str:
    if period is None:
        return ""
    start: datetime = period.start
    return start.strftime("%Y-%m-%d" if (start.hour, start.minute) == (0, 0) else "%Y-%m-%d %H:%M")
