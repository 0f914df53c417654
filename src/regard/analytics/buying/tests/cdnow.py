"""CDNOW's customers of the first quarter of 1997, which the package lifetimes ships: read there, kept nowhere here."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from regard.analytics.arrays import Floats, floats

END = np.datetime64("1997-09-30")


@cache
def purchases() -> tuple[tuple[str, str, float], ...]:
    """Customer, day and amount of each purchase, to the middle of 1998."""
    found = find_spec("lifetimes")
    assert found is not None
    assert found.origin is not None
    file = Path(found.origin).parent / "datasets" / "CDNOW_sample.txt"
    rows = (line.split() for line in file.read_text().splitlines())
    return tuple((who, f"{day[:4]}-{day[4:6]}-{day[6:]}", float(paid)) for _, who, day, _, paid in rows)


@cache
def histories() -> tuple[Floats, Floats, Floats, Floats]:
    """Bought again, last and age in days, mean amount of the purchases after the first, to 30 September 1997."""
    days: dict[str, dict[np.datetime64, float]] = {}
    for who, text, paid in purchases():
        day = np.datetime64(text)
        if day <= END:
            own = days.setdefault(who, {})
            own[day] = own.get(day, 0.0) + paid
    rows = []
    for own in days.values():
        first, last = min(own), max(own)
        later = [paid for day, paid in own.items() if day > first]
        rows.append(
            (
                len(later),
                (last - first).astype(int),
                (END - first).astype(int),
                np.mean(later) if later else 0.0,
            )
        )
    again, last_, age, amount = np.array(rows, dtype=np.float64).T
    return floats(again), floats(last_), floats(age), floats(amount)
