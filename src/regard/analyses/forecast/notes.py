"""What to keep in mind of a forecast."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from regard.analyses.forecast.foretold import Foretold
from regard.analytics.forecasting.clock import DAY
from regard.analytics.forecasting.given import thin_end


def notes(told: Foretold) -> list[str]:
    """What to keep in mind."""
    found, past = told.found, told.past
    said = []
    if n_thin := thin(told):
        since = read(instant(told, -n_thin) or "", told)
        said.append(
            f"Since {since} hardly anything comes ({n_thin:,} intervals), and so hardly anything is foretold. If the rows are not complete "
            f"up to the end, say up to where they are: --until {since[:10]}."
        )
    if past.left_out:
        said.append(
            f"Left out: {past.left_out:,} of {past.n_rows:,} rows, without a time or a value, or not of a whole interval."
        )
    if past.older:
        said.append(f"Not looked at: {past.older:,} intervals longer ago.")
    if found.n_gaps or found.n_outliers:
        said.append(
            f"Filled before models were fitted: {found.n_gaps:,} intervals without a value, {found.n_outliers:,} that stood "
            "far out. No model is judged by them filled."
        )
    for name, size, n in effects(told):
        effect = f"{size:.2f} times the usual" if found.effects.times else f"{size:+.3g} on an interval"
        said.append(f"{name}: {effect}, told by {n} such day{'s' * (n != 1)} of the past.")
    if found.tests < 10:
        said.append(
            f"The past was foretold only {found.tests} times, so that the intervals are rough. A longer past tells more."
        )
    return said


def thin(told: Foretold) -> int:
    """How many of the last intervals hold hardly anything; means say nothing of that."""
    return 0 if told.asked.is_mean else thin_end(told.past.values, told.found.shape.usual)


def effects(told: Foretold) -> list[tuple[str, float, int]]:
    """What each special day to come does, and how many of the past told it."""
    n = len(told.past.values)
    codes = np.unique(told.special.ahead[told.special.ahead >= 0]).tolist()
    return [(told.special.names[code], *told.found.effects.before(n, code)) for code in codes]


def instant(told: Foretold, place: int) -> str | None:
    """When an interval of the past began, counted from the first or, below 0, from the last; None where the clock leaves it out."""
    found = told.past.clock.stretches(told.past.slots[[place]])
    return datetime.fromtimestamp(found[0][0], told.past.zone).isoformat() if found else None


def read(instant: str, told: Foretold) -> str:
    """An instant as people read it: the day, and the time of intervals within days, with the zone where the clock shows it twice."""
    moment = datetime.fromisoformat(instant)
    if told.asked.every >= DAY:
        return f"{moment:%Y-%m-%d}"
    beside = [datetime.fromtimestamp(moment.timestamp() + 3600 * step, told.past.zone) for step in (-1, 1)]
    twice = any(one.utcoffset() != moment.utcoffset() for one in beside)
    return f"{moment:%Y-%m-%d %H:%M}" + (f"{moment:%z}" if twice else "")
