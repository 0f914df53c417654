"""Whether drivers carry more in one segment than elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Floats, floats
from regard.analytics.drivers.given import correlation_of, usable
from regard.analytics.drivers.moments import Rows, correlations, counted_totals, drawn_totals
from regard.analytics.drivers.resampling import statistic, widened
from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg
from regard.kernel.errors import InvalidInput

METHOD = "difference of LMG in the segment and outside, percentile bootstrap widened for few customers, p by permuting who is in the segment"
SOURCE = (
    "Davison & Hinkley (1997), Bootstrap Methods and their Application, sections 2.4 and 4.3; "
    "Hesterberg (2015), The American Statistician 69, 371-386"
)
BATCH = 128


@dataclass(frozen=True, slots=True, eq=False)
class SegmentDifference:
    """What drivers carry in one segment, and by how much that differs from all others together.

    Args:
        segment: its name. n, n_others: rows in it and outside.
        lmg, others: arrays (p,).
        difference, low, high: lmg less others, with its interval.
        p: corrected over all drivers and segments.
    """

    segment: str
    n: int
    n_others: int
    lmg: Floats
    others: Floats
    difference: Floats
    low: Floats
    high: Floats
    p: Floats


def segment_differences(
    drivers: ArrayLike,
    outcome: ArrayLike,
    segments: Sequence[str | None],
    *,
    names: Sequence[str],
    weights: Floats | None = None,
    customers: np.ndarray[tuple[int], np.dtype[np.int64]] | None = None,
    resamples: int = 1_000,
    confidence: float = 0.95,
    seed: int = 2,
) -> list[SegmentDifference]:
    """What each driver carries in each segment against all others, with a test.

    Rows are compared within: each side is first brought to mean 0 and variance 1, so that a segment that is merely
    happier or more varied differs in nothing. If segments did not differ, who belongs to one would not matter: p tells
    how often customers dealt out by lot differ as much.

    Args:
        segments: the segment of each row; None where unknown, which is then outside of all.
        names: of the drivers and, last, the outcome.
        The others as for `key_drivers`; rows with gaps are left out.

    Returns: a SegmentDifference for each segment, in the order of their names.
    Raises: InvalidInput where there are fewer than two segments; NotEnoughData where one is too small.
    Source: Davison and Hinkley (1997), Bootstrap Methods and their Application, sections 2.4 and 4.3.
    """
    labels = np.array([one if one is not None else "" for one in segments], dtype=object)
    columns = np.column_stack((floats(drivers), floats(outcome)))
    complete = np.isfinite(columns).all(axis=1)
    known = sorted({str(one) for one in labels[complete] if one})
    if len(known) < 2:
        raise InvalidInput("There are fewer than two segments. Name a column with at least two values.")
    found = []
    for name in known:
        inside = labels == name
        outside = ~inside & (labels != "")
        sides = [
            usable(
                names,
                columns[chosen],
                None if weights is None else weights[chosen],
                None if customers is None else customers[chosen],
                "listwise",
            )[0]
            for chosen in (inside, outside)
        ]
        found.append(_difference(name, names, sides[0], sides[1], resamples, confidence, seed))
    corrected = benjamini_hochberg([one.p for one in found])
    return [_with_p(one, p) for one, p in zip(found, corrected, strict=True)]


def _difference(
    segment: str, names: Sequence[str], one: Rows, other: Rows, resamples: int, confidence: float, seed: int
) -> SegmentDifference:
    of = statistic(one.size - 1, seed)
    first, second = (of(correlation_of(names, side)) for side in (one, other))
    generator = np.random.default_rng(seed)
    drawn = [
        np.concatenate([of(correlations(sums, side)) for sums in drawn_totals(side, resamples, generator)])
        for side in (one, other)
    ]
    # The smaller side leaves most open, and draws of few customers vary less than few customers do.
    tail = (1 - widened(confidence, min(one.n_units, other.n_units), one.size - 1)) / 2
    low, high = np.quantile(drawn[0] - drawn[1], [tail, 1 - tail], axis=0)
    dealt = _dealt(one, other, resamples, np.random.default_rng(seed + 1), seed)
    beaten = (np.abs(dealt) >= np.abs(first - second) - 1e-12).sum(axis=0)
    return SegmentDifference(
        segment=segment,
        n=len(one.values),
        n_others=len(other.values),
        lmg=first,
        others=second,
        difference=first - second,
        low=floats(low),
        high=floats(high),
        p=(1 + beaten) / (1 + resamples),
    )


def _dealt(one: Rows, other: Rows, deals: int, generator: np.random.Generator, seed: int) -> Floats:
    """The differences where customers of both sides are dealt out anew, (deals, p)."""
    of = statistic(one.size - 1, seed)
    both = joined(one, other)
    found = []
    for start in range(0, deals, BATCH):
        counts = np.zeros((min(BATCH, deals - start), both.n_units))
        for count in counts:
            count[generator.permutation(both.n_units)[: one.n_units]] = 1.0
        sides = [of(correlations(counted_totals(both, part), both)) for part in (counts, 1.0 - counts)]
        found.append(sides[0] - sides[1])
    return np.concatenate(found)


def joined(one: Rows, other: Rows) -> Rows:
    """The rows of both, one below the other."""
    units = None
    if one.units is not None or other.units is not None:
        places = [np.arange(side.n_units) if side.units is None else side.units for side in (one, other)]
        units = np.concatenate((places[0], places[1] + one.n_units))
    return Rows(
        np.concatenate((one.values, other.values)),
        np.concatenate((one.weights, other.weights)),
        units,
        one.n_units + other.n_units,
    )


def _with_p(one: SegmentDifference, p: Floats) -> SegmentDifference:
    return SegmentDifference(
        one.segment, one.n, one.n_others, one.lmg, one.others, one.difference, one.low, one.high, p
    )
