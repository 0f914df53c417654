"""The picture of importance beside performance: where to look first."""

from __future__ import annotations

from typing import Any

import numpy as np

from regard.analyses.crosses import Cross, crosses
from regard.analyses.drivers.reading import Columns
from regard.analytics.arrays import EstimateArrays, Floats
from regard.analytics.drivers.key_drivers import KeyDrivers

REAL = 0.05
# Drivers whose ranges differ by more than this do not stand on one scale.
ALIKE = 1.5


def draw_performance(
    columns: Columns, found: KeyDrivers, means: EstimateArrays, order: np.ndarray[Any, Any], outcome: str
) -> str:
    """Each driver's share of R² upwards and its mean to the right, both with their intervals; drivers that stand on
    different scales by where their mean lies between their lowest and their highest answer."""
    low, high = _ends(columns.drivers[found.kept])
    spans = high - low
    alike = float(spans.max() / spans.min()) <= ALIKE
    axis = (
        "mean of the driver" if alike else "mean of the driver, % of the way from its lowest to its highest"
    )
    start, scale = (0.0 * low, 0.0 * low + 1) if alike else (low, spans / 100)
    total = found.lmg.sum()
    points = [
        Cross(
            name=found.names[place],
            x=float((means.value[place] - start[place]) / scale[place]),
            y=float(100 * found.lmg[place] / total),
            x_ends=_between(means.low[place], means.high[place], start[place], scale[place]),
            y_ends=(float(100 * found.low[place] / total), float(100 * found.high[place] / total)),
            is_told=bool(found.p[place] <= REAL),
        )
        for place in order
    ]
    title = f"Importance for {outcome} beside how each driver is doing"
    up = f"% of what the drivers explain (R² {found.r2:.2f}); grey: not told apart from chance; dashed: the means"
    return crosses(title, axis, up, points)


def _ends(drivers: Floats) -> tuple[Floats, Floats]:
    return np.nanmin(drivers, axis=0), np.nanmax(drivers, axis=0)


def _between(low: float, high: float, start: float, scale: float) -> tuple[float, float] | None:
    """The interval on the axis; None where there is none."""
    if np.isnan(low) or np.isnan(high):
        return None
    return float((low - start) / scale), float((high - start) / scale)
