"""What comes back from a question: readings, each a figure or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from regard.kernel.estimates import Difference, Estimate
from regard.kernel.money import exponent
from regard.kernel.periods import Period
from regard.metrics.metric import Unit

WITHHELD = "withheld: fewer than {min_n} answers"
WITHHELD_TOO = "withheld: a small group would follow from it by subtraction"
# Why there is no total: what follows names what is kept apart.
MIXED_AMOUNTS, MIXED_ANSWERS = "amounts in", "answers to"


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of a result.

    Args:
        group: dimension → value; empty for the total.
        period: what the figure covers; None where the log holds nothing at all and no period was asked for.
        estimate: the figure, or None; then `reason` says why.
        difference: to what was asked for with `compare`, where it could be told.
        details: further figures of the same group, such as the 90th percentile.
    """

    group: Mapping[str, str | None]
    period: Period | None
    estimate: Estimate | None
    reason: str | None = None
    difference: Difference | None = None
    details: Mapping[str, Estimate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one question: the total first, then every group, each over time.

    Args:
        method: how figures and intervals were made; with semicolons where readings differ in it. source: where the method is published.
        definition: what was counted, as the catalogue says it.
        zone: the time zone in which periods were cut.
        unit: what the figures are measured in; money in the smallest unit of `currency`.
        apart: the column by which totals stand apart, such as the currency, where there are several; else "".
        compared: what differences are taken to, "" where none were asked for.
    """

    metric: str
    title: str
    method: str
    source: str
    definition: str
    unit: Unit
    period: Period | None
    zone: str
    readings: tuple[Reading, ...]
    currency: str = ""
    apart: str = ""
    compared: str = ""

    @property
    def total(self) -> Reading:
        """The reading over everything and the whole period."""
        return self.readings[0]

    def as_json(self) -> dict[str, Any]:
        """The result for machines: nothing rounded, shares as fractions, money in major units."""
        found: dict[str, Any] = {
            "metric": self.metric,
            "method": self.method,
            "source": self.source,
            "definition": self.definition,
            "unit": str(self.unit),
            "period": _period(self.period),
            "zone": self.zone,
            "readings": [self._reading(reading) for reading in self.readings],
        }
        if self.currency:
            found["currency"] = self.currency
        if self.compared:
            found["compared_with"] = self.compared
        return found

    def scale(self, reading: Reading) -> float:
        """What a figure is divided by where it is shown: a hundred for cents."""
        if self.unit is not Unit.MONEY:
            return 1.0
        currency = reading.group.get("currency") or self.currency
        return float(10 ** exponent(currency or ""))

    def _reading(self, reading: Reading) -> dict[str, Any]:
        scale = self.scale(reading)
        estimate = reading.estimate
        found: dict[str, Any] = {
            "group": dict(reading.group),
            "period": _period(reading.period),
            "value": _over(estimate.value, scale) if estimate else None,
            "low": _over(estimate.low, scale) if estimate else None,
            "high": _over(estimate.high, scale) if estimate else None,
            "n": estimate.n if estimate else None,
            "n_customers": estimate.n_customers if estimate else None,
            "reason": reading.reason,
        }
        if estimate is not None and "; " in self.method:  # several: each reading says which is its own
            found["method"] = estimate.method
        if reading.details:
            found["details"] = {
                name: {
                    "value": _over(more.value, scale),
                    "low": _over(more.low, scale),
                    "high": _over(more.high, scale),
                }
                for name, more in reading.details.items()
            }
        if self.compared:
            found["difference"] = _difference(reading.difference, scale)
        return found


def _over(value: float | None, scale: float) -> float | None:
    return None if value is None else value / scale


def _difference(difference: Difference | None, scale: float) -> dict[str, Any] | None:
    if difference is None:
        return None
    return {
        "value": difference.value / scale,
        "low": difference.low / scale,
        "high": difference.high / scale,
        "p": difference.p,
        "p_adjusted": difference.p_adjusted,
    }


def _period(period: Period | None) -> dict[str, str] | None:
    return None if period is None else {"start": _instant(period.start), "end": _instant(period.end)}


def _instant(moment: datetime) -> str:
    return moment.isoformat()
