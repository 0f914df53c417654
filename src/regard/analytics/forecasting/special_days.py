"""What holidays and other special days do to a series: told from those that were, apart from seasons and level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Flags, Floats, floats

Codes = NDArray[np.int64]
# Nobody foretells more than so many times the usual.
MOST = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class SpecialDays:
    """Which intervals lie on a special day.

    Args:
        names: of the days; the same name comes again.
        past, ahead: arrays (n,) and (horizon,), the place of the name; -1 on usual days.
        days: array (n,), a number for each day, the same in all its intervals.
    """

    names: tuple[str, ...]
    past: Codes
    ahead: Codes
    days: Codes

    @classmethod
    def none(cls, n: int, horizon: int) -> SpecialDays:
        """No special day at all."""
        return cls((), np.full(n, -1), np.full(horizon, -1), np.arange(n))

    @property
    def is_special(self) -> Flags:
        """Which intervals of the past."""
        return np.asarray(self.past >= 0)


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """What each special day of the past did.

    Args:
        names: array (m,), the place of its name. ends: array (m,), its last interval.
        sizes: array (m,), times the usual for what is never below 0, else what is added to each interval.
        times: whether sizes are times the usual.
    """

    names: Codes
    ends: Codes
    sizes: Floats
    times: bool

    def before(self, at: int, name: int) -> tuple[float, int]:
        """What a day of that name does, as known before the interval `at`, and how many such days told it.

        The mean over its own days is drawn towards that of all special days by one day's weight; a name that never was
        before does what special days usually do.
        """
        nothing = 1.0 if self.times else 0.0
        seen = self.ends < at
        if not seen.any():
            return nothing, 0
        own = seen & (self.names == name)
        n, usual = int(own.sum()), float(self.sizes[seen].mean())
        return (float(self.sizes[own].sum()) + usual) / (n + 1), n

    def changed(self, forecasts: Floats, codes: Codes, at: int) -> Floats:
        """Forecasts (horizon,) of the intervals with these codes, made at `at`, with what the days do."""
        found = forecasts.copy()
        for name in np.unique(codes[codes >= 0]):
            size, _ = self.before(at, int(name))
            there = codes == name
            found[there] = found[there] * size if self.times else found[there] + size
        return found


def effects(raw: Floats, expected: Floats, special: SpecialDays, *, times: bool) -> Effects:
    """What the special days of the past did, beside what was expected without them.

    Args:
        raw: array (n,), not a number for gaps. expected: array (n,), level and seasons, told without special days.
    """
    names, ends, sizes = list[int](), list[int](), list[float]()
    places = np.flatnonzero(special.is_special & np.isfinite(raw))
    for day in np.unique(special.days[places]):
        there = places[special.days[places] == day]
        came, usual = float(raw[there].sum()), float(expected[there].sum())
        if times and usual <= 0:
            continue
        names.append(int(special.past[there[0]]))
        ends.append(int(there[-1]))
        sizes.append(min(max(came / usual, 0.0), MOST) if times else (came - usual) / len(there))
    return Effects(
        np.array(names, dtype=np.int64), np.array(ends, dtype=np.int64), floats(np.array(sizes)), times
    )
