"""Results for people: rounded and turned to per cent here, and nowhere before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from regard.kernel.money import exponent
from regard.kernel.periods import Period
from regard.metrics.metric import Better, Metric, Unit
from regard.metrics.readings import Reading, Result

if TYPE_CHECKING:
    from rich.table import Table

SURE = 0.05
TITLES = {"p90": "90th percentile"}


def amount(value: float | None, unit: Unit, currency: str = "", *, signed: bool = False) -> str:
    """A figure as people write it.

    >>> amount(0.8123, Unit.FRACTION), amount(-5.04, Unit.POINTS, signed=True), amount(-30, Unit.MONEY, "JPY")
    ('81.2%', '-5.0', '-30 JPY')
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
            return f"{value:{sign},.{exponent(currency)}f} {currency}".strip()
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
        cells.append("all" if reading.period == result.period else _start(reading.period))
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
        p = "" if gap is None or gap.p_adjusted is None else probability(gap.p_adjusted)
        cells += [told(gap.value, signed=True) if gap else "", p, change(reading, metric, result.compared)]
    more = {name: told(one.value) for name, one in reading.details.items()}
    cells.append(reading.reason or further(more))
    return cells


def probability(p: float) -> str:
    """A p-value as people write it.

    >>> probability(0.0312), probability(2e-9)
    ('0.031', '<0.001')
    """
    return f"{p:.3f}" if p >= 0.0005 else "<0.001"


def further(told: Mapping[str, str]) -> str:
    """The further figures of a reading in words.

    >>> further({"restricted_mean": "4.2 d", "restricted_to": "30.0 d"})
    '90th percentile: not reached yet · mean 4.2 d, counting at most 30.0 d of each'
    """
    said = []
    if "restricted_mean" in told and "p90" not in told:
        said.append("90th percentile: not reached yet")
    for name, figure in told.items():
        if name == "restricted_mean":
            said.append(f"mean {figure}, counting at most {told['restricted_to']} of each")
        elif name != "restricted_to":
            said.append(f"{TITLES.get(name, name)} {figure}")
    return " · ".join(said)


def change(reading: Reading, metric: Metric, compared: str = "") -> str:
    """What may be said about a difference: a change, or between groups a difference, only where the corrected p says so."""
    gap = reading.difference
    if gap is None or gap.p_adjusted is None:
        return ""
    if gap.p_adjusted > SURE:
        return "no difference shown" if "=" in compared else "no change shown"
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
    """When a piece begins; with its offset where the clock shows that hour twice.

    >>> _start(Period(datetime.fromisoformat("2026-03-01T00:00+00:00"), datetime.fromisoformat("2026-03-02T00:00+00:00")))
    '2026-03-01'
    """
    if period is None:
        return ""
    start: datetime = period.start
    if (start.hour, start.minute) == (0, 0) and (period.end - start) >= timedelta(hours=20):
        return start.strftime("%Y-%m-%d")
    is_twice = start.replace(fold=0).utcoffset() != start.replace(fold=1).utcoffset()
    return f"{start:%Y-%m-%d %H:%M}" + (f"{start:%z}" if is_twice else "")
