"""The forecast as a picture: the last of the past, and what comes with its interval."""

from __future__ import annotations

import numpy as np

from regard.analyses.bands import Band, bands
from regard.analyses.forecast.foretold import Foretold
from regard.analytics.arrays import floats
from regard.analytics.forecasting.clock import DAY

SHOWN = 2


def draw(told: Foretold) -> str:
    """Lines over days from now; the past as it was, gaps left out."""
    found, past = told.found, told.past
    step = told.asked.every / DAY
    horizon = told.asked.horizon
    ahead = Band("forecast", floats(step * np.arange(horizon)), found.value, found.low, found.high)
    last = past.values[-SHOWN * horizon :]
    known = np.isfinite(last)
    before = Band("past", floats(step * (np.arange(len(last)) - len(last)))[known], last[known])
    title = f"{past.name}, with what comes by {found.chosen}"
    unit = f"a {'day' if step == 1 else 'week'}" if step >= 1 else f"every {told.asked.every / 60:g} minutes"
    share = f"{100 * found.confidence:g}%"
    return bands(
        title, f"days from {told.rows[0].time[:16]}", f"{past.name} {unit}, {share} intervals",
        [ahead, before], mark=0.0,
    )  # fmt: skip
