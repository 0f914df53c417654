"""The people needed, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from regard.analyses.bands import Band, bands
from regard.analyses.staffing.asked import Asked
from regard.analytics.arrays import Floats, floats

HOUR = 3600
# Hours from which on days are told.
LONG = 72


def draw_day(asked: Asked, agents: Floats, low: Floats | None, high: Floats | None) -> str:
    """The agents of each interval, with those that the ends of the forecast would need."""
    ends = [None if one is None else _held(one) for one in (low, high)]
    hours = floats(np.arange(len(agents) + 1) * asked.per / HOUR)
    is_long = hours[-1] > LONG
    line = Band("agents", hours / 24 if is_long else hours, _held(agents), *ends)
    unit = "agents; the band is what the ends of the forecast need" if high is not None else "agents"
    title = f"Who is needed for {100 * asked.target:g}% within {asked.within:g} seconds"
    return bands(title, f"{'days' if is_long else 'hours'} from the first interval", unit, [line], steps=True)


def draw_backlog(asked: Asked, items: Floats) -> str:
    """What is open after each interval."""
    days = floats(np.arange(1, len(items) + 1) * asked.per / (24 * HOUR))
    return bands(
        "What waits to be done", "days from the first interval", "open items", [Band("open", days, items)]
    )


def draw_interval(asked: Asked, levels: Sequence[Any], chosen: int) -> str:
    """The service level that so many agents reach; (agents, level), and the number that was chosen."""
    known = [(n, level) for n, level in levels if np.isfinite(level)]
    x, y = (floats([one[place] for one in known]) for place in (0, 1))
    target = Band("asked", x, np.full(len(x), 100 * asked.target))
    title = f"How many are answered within {asked.within:g} seconds"
    return bands(
        title, "agents", "per cent in time", [Band("in time", x, 100 * y), target], mark=float(chosen)
    )


def _held(values: Floats) -> Floats:
    """The last value once more, at the end of its interval."""
    return floats(np.append(values, values[-1]))
