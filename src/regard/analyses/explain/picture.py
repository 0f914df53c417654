"""What made a figure change, as a picture."""

from __future__ import annotations

from regard.analyses.explain.found import Explained
from regard.analyses.explain.reading import Asked
from regard.analyses.explain.told import Unit, named
from regard.analyses.pictures import Dot, dots


def picture(asked: Asked, found: Explained, unit: Unit) -> str:
    """The change, its mix and rate by each column, and the slices."""
    delta = found.delta
    rows = [_dot("whole change", delta.value, delta.low, delta.high, unit)]
    for one in found.by:
        if len(one.names) == 1:
            mix, rate = one.split.total_mix, one.split.total_rate
            rows.append(_dot(f"{one.names[0]}: mix", float(mix.value), float(mix.low), float(mix.high), unit))
            rows.append(
                _dot(f"{one.names[0]}: rate", float(rate.value), float(rate.low), float(rate.high), unit)
            )
    rows += [_dot(named(one, asked), one.explained, one.low, one.high, unit) for one in found.slices.slices]
    if found.rest is not None and found.slices.slices:
        rows.append(_dot("without these", found.rest.value, found.rest.low, found.rest.high, unit))
    title = f"{unit.name}: {unit.value(found.before)} to {unit.value(found.after)}"
    return dots(title, f"{unit.axis}; grey: not told apart from 0", rows)


def _dot(name: str, value: float, low: float, high: float, unit: Unit) -> Dot:
    scale = unit.scale
    return Dot(
        name, scale * value, scale * low, scale * high, unit.change(value), is_told=low > 0 or high < 0
    )
