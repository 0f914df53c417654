"""How the figures of a metric are read."""

from __future__ import annotations

from dataclasses import dataclass

from regard.analyses.explain.reading import UNKNOWN, Asked
from regard.analyses.telling import between, number
from regard.analytics.changes.slices import Slice

MINUS = "−"


@dataclass(frozen=True, slots=True)
class Unit:
    """A metric's unit.

    Args:
        name: what the figure is called. axis: its unit in words.
        scale: what it is multiplied by where it is shown.
        sign: behind a figure.
    """

    name: str
    axis: str
    scale: float
    digits: int
    sign: str = ""

    def value(self, value: float) -> str:
        """A figure."""
        said = number(self.scale * value, self.digits).replace("-", MINUS)
        return said if said == "–" else said + self.sign

    def change(self, value: float) -> str:
        """A change, with its sign.

        >>> unit_of("nps", "score").change(-8.0)
        '−8.0'
        """
        said = number(abs(self.scale * value), self.digits)
        if said == "–" or not float(said.replace(",", "")):
            return said
        return (MINUS if value < 0 else "+") + said

    def between(self, low: float, high: float) -> str:
        """An interval of changes."""
        return between(self.scale * low, self.scale * high, self.digits).replace("-", MINUS)


def unit_of(metric: str, score: str) -> Unit:
    """The unit of a metric; of a mean, that of the column."""
    if metric == "nps":
        return Unit("NPS", "points", 1.0, 1)
    if metric == "csat":
        return Unit("CSAT", "points of per cent", 100.0, 1, "%")
    return Unit(f"Mean {score}", "change of the mean", 1.0, 2)


def conditions_of(one: Slice, asked: Asked) -> dict[str, str]:
    """The conditions of a slice, value by column."""
    found = {}
    for condition in one.conditions:
        dimension = asked.dimensions[condition.dimension]
        found[dimension.name] = UNKNOWN if condition.code < 0 else dimension.groups[condition.code]
    return found


def named(one: Slice, asked: Asked) -> str:
    """A slice as people read it."""
    return " and ".join(f"{name} = {value}" for name, value in conditions_of(one, asked).items())
