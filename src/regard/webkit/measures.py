"""How a figure of each unit is written: value, interval and change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from regard.kernel.registry import Registry
from regard.webkit import formats
from regard.webkit.charts.scales import Scale, round_scale


@dataclass(frozen=True, slots=True)
class Measure:
    """One way to write figures.

    Args:
        key: the unit's key, as metrics name it.
        floor: no value is below this; None where values may be negative.
        decimals: for plain numbers.
    """

    key: str
    floor: float | None = 0.0
    decimals: int = 0

    def value(self, value: float, currency: str = "", *, beside: float | None = None) -> str:
        """The figure itself; a time in the unit of the one that it stands beside."""
        match self.key:
            case "fraction":
                return formats.percent(value)
            case "seconds":
                return formats.duration(value, beside=beside)
            case "money" if currency:
                return formats.money(value, currency)
            case _:
                return formats.number(value, self.decimals)

    def axis(self, values: Sequence[float]) -> Scale:
        """An axis that holds these values, its ticks round in the unit in which they are written."""
        unit = 1.0
        if self.key == "seconds" and values:
            unit = formats.duration_seconds(max(values))
        scale = round_scale([value / unit for value in values], floor=self.floor)
        return Scale(scale.low * unit, scale.high * unit, tuple(tick * unit for tick in scale.ticks))

    def tick(self, value: float, currency: str = "") -> str:
        """The figure as it names an axis: round numbers without empty decimals."""
        if self.key == "fraction":
            return formats.percent(value, 0 if round(100 * value, 6) % 1 == 0 else 1)
        if self.key in ("seconds", "money"):
            return self.value(value, currency)
        return formats.number(value, 0 if value % 1 == 0 else 1)

    def change(self, value: float, currency: str = "") -> str:
        """The size of a change, without its sign."""
        size = abs(value)
        if self.key == "fraction":
            return formats.number(100 * size, 1)
        return self.value(size, currency)

    def unit(self) -> str:
        """The word beside the figure, where the figure does not carry it itself."""
        return _("points") if self.key == "points" else ""

    def change_unit(self) -> str:
        """The word beside a change: shares change by points, not by per cent."""
        return _("points") if self.key in ("points", "fraction") else ""


MEASURES: Registry[Measure] = Registry("unit of a figure")
MEASURES.register(Measure("points", floor=None, decimals=1))
MEASURES.register(Measure("fraction"))
MEASURES.register(Measure("seconds"))
MEASURES.register(Measure("money", floor=None))
MEASURES.register(Measure("count"))
MEASURES.register(Measure("score", decimals=2))
MEASURES.register(Measure("per customer", decimals=2))
