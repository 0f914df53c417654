"""A series as it is given: what cannot be foretold from is refused, gaps and single outliers are filled."""

from __future__ import annotations

import numpy as np

from regard.analytics.arrays import Flags, Floats, floats
from regard.analytics.sizes import check_size
from regard.kernel.errors import InvalidInput, NotEnoughData

LEAST = 16
MOST_MISSING = 0.5
# An outlier is so many usual distances away; more of them than this share are no outliers.
FAR, FEW = 8.0, 0.01
# A place of the season is closed where nothing came in so many seasons, nor in so many places beside it.
LEAST_CLOSED, BESIDE = 6, 2
USUAL = 0.6744897501960817
# Where so little of what is usual comes over a season and longer, the series has dried up, or its rows have.
THIN, LEAST_THIN = 0.1, 14


def check_series(values: Floats, name: str) -> None:
    """Refuse a series that nothing can be foretold from; gaps are not numbers.

    Raises: InvalidInput naming the column, NotEnoughData.
    """
    known = values[~np.isnan(values)]
    if not len(values):
        raise NotEnoughData(
            f"The rows fill no whole interval, and foretelling takes {LEAST} at the least, better many weeks. Give a longer past or a "
            "shorter --every."
        )
    if not len(known):
        raise NotEnoughData(
            f"The column '{name}' is empty in every whole interval. Fill it, or name another."
        )
    if not np.isfinite(known).all():
        raise InvalidInput(
            f"The column '{name}' holds infinite values. Correct them, or leave these rows out."
        )
    if len(known) < LEAST:
        raise NotEnoughData(
            f"There are {len(known)} intervals with a value, and foretelling takes {LEAST} at the least, better many weeks. "
            "Give a longer past or a shorter --every."
        )
    check_size(f"The column '{name}'", known)
    if np.ptp(known) == 0:
        raise InvalidInput(
            f"The column '{name}' comes to {known[0]:g} in every interval: there is nothing to foretell but that. "
            "Choose another column, or a longer time."
        )
    if len(known) < MOST_MISSING * len(values):
        raise NotEnoughData(
            f"Of {len(values):,} intervals from the first to the last only {len(known):,} have a value. Take a longer "
            "--every; or, where no row means that nothing came, say so with --empty zero."
        )


def fill(values: Floats, season: int, day: int) -> Floats:
    """The series without gaps: each is what is usual in its place of the season, and as far off as its surroundings."""
    usual = _usual(values, season)
    away = values - usual
    known = np.isfinite(away)
    sums = np.cumsum(np.concatenate([[0.0], np.where(known, away, 0.0)]))
    counts = np.cumsum(np.concatenate([[0], known]))
    at = np.arange(len(values))
    low, high = np.maximum(at - day, 0), np.minimum(at + day + 1, len(values))
    n = counts[high] - counts[low]
    near = np.divide(sums[high] - sums[low], n, out=np.full(len(values), np.nan), where=n > 0)
    there = np.isfinite(near)
    level = np.interp(at, at[there], near[there])
    found = np.where(known, values, usual + level)
    return np.maximum(found, 0.0) if np.nanmin(values) >= 0 else floats(found)


def outliers(values: Floats, season: int) -> Flags:
    """Single values far from what is usual in their place; none where there are many, which are then no outliers."""
    away = np.abs(values - _usual(values, season))
    with np.errstate(invalid="ignore"):
        far = away > FAR * max(float(np.nanmedian(away)) / USUAL, 1e-12)
    # A level that is new at the end is no outlier either.
    if far.mean() > FEW or far[-min(len(far), 2) :].any():
        return np.zeros(len(values), dtype=bool)
    return far


def thin_end(values: Floats, season: int) -> int:
    """How many of the last values hold hardly anything beside what came before; 0 where there is no such end.

    Rows that are not complete to the end look like this, and what is foretold from them is next to nothing.

    >>> thin_end(floats([5, 6, 4] * 9 + [0, 0, 0] * 5), 3), thin_end(floats([5, 6, 4] * 10), 3)
    (15, 0)
    """
    known = np.where(np.isfinite(values), values, 0.0)
    if len(values) < 4 * season or known.min() < 0:
        return 0
    sums = np.cumsum(np.concatenate([[0.0], known]))
    seasons = sums[season:] - sums[:-season]
    if not sums[-1]:
        return 0
    usual = np.flatnonzero(seasons >= THIN * np.median(seasons[seasons > 0]))
    # The last season that is as usual ends somewhere before the thin ones begin.
    last = int(usual[-1]) + season
    while last > 0 and known[last - 1] < THIN * sums[-1] / len(values):
        last -= 1
    thin = len(values) - last
    return thin if thin >= max(season, LEAST_THIN) else 0


def closed(values: Floats, season: int) -> Flags:
    """For each of the values (k, n) of windows and each place of the season, whether nothing ever came there, nor just before
    or after; array (k, season), counted from the first value after the windows.
    """
    k, n = values.shape
    cycles = n // season
    if cycles < LEAST_CLOSED:
        return np.zeros((k, season), dtype=bool)
    came = (values[:, n - cycles * season :].reshape(k, cycles, season) != 0).any(axis=1)
    around = [np.roll(came, step, axis=1) for step in range(-BESIDE, BESIDE + 1)]
    return np.asarray(~np.any(around, axis=0))


def _by_place(values: Floats, season: int) -> Floats:
    """The series by season and place in it, from the first value on; not a number where it ends."""
    rows = -(-len(values) // season)
    padded = np.full(rows * season, np.nan)
    padded[: len(values)] = values
    return padded.reshape(rows, season)


def _usual(values: Floats, season: int) -> Floats:
    """The middle value of each place of the season; the middle of all where a place has none."""
    table = _by_place(values, season)
    empty = np.isnan(table).all(axis=0)
    table = np.where(empty, np.nanmedian(values), table)
    return floats(np.tile(np.nanmedian(table, axis=0), len(table))[: len(values)])
