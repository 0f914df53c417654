"""How many get from step to step in a given order and in time, and where those of a segment stop more than others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import DifferenceArrays, EstimateArrays, Floats
from regard.analytics.journeys.compiled import loop
from regard.analytics.journeys.log import MICROSECONDS, EventLog
from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg
from regard.analytics.shares.difference import share_difference_arrays
from regard.analytics.shares.wilson import share_arrays
from regard.kernel.errors import InvalidInput, NotEnoughData

METHOD = "funnel: steps in this order with anything between, Wilson intervals"
SOURCE = "Wilson (1927), JASA 22, 209-212"
SEGMENT_METHOD = (
    "segments against all others: Newcombe interval, pooled z test, p after Benjamini and Hochberg"
)
SEGMENT_SOURCE = "Newcombe (1998), Statistics in Medicine 17, 873-890; Benjamini and Hochberg (1995), J. R. Statist. Soc. B 57, 289-300"
NEVER = -(1 << 62)
UNLIMITED = 3_000_000_000_000_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Funnel:
    """An ordered funnel; arrays with an element for each step.

    Args:
        reached: for each case, how many steps it got through.
        n: how many cases got through each step.
        of_first, of_before: the share of those of the first step, and of the step before.
        seconds: the median time since the step before, of those who got there; not a number for the first.
    """

    reached: NDArray[np.int64]
    n: NDArray[np.int64]
    of_first: EstimateArrays
    of_before: EstimateArrays
    seconds: Floats


@dataclass(frozen=True, slots=True, eq=False)
class FunnelBySegment:
    """Each step's share of the step before, by segment; arrays (segments, steps after the first).

    Args:
        names: the segments, the largest first.
        shares: of those of the segment who got through the step before.
        differences: to all others.
        p: of the differences, corrected for all of them together.
    """

    names: tuple[str, ...]
    shares: EstimateArrays
    differences: DifferenceArrays
    p: Floats


def funnel(
    log: EventLog,
    steps: Sequence[str],
    *,
    limits: Sequence[float] | None = None,
    within: float = np.inf,
    confidence: float = 0.95,
) -> Funnel:
    """How many cases get through `steps` in this order, with anything between.

    A case that could go through in several ways is taken the way that leads furthest, and there the one that ends
    first.

    Args:
        steps: activities; the same one may stand twice.
        limits: seconds that each step may take from the one before; infinite for no limit. The first is not used.
        within: seconds that all of them may take together.

    Raises: InvalidInput for a step that does not occur, or fewer than two; NotEnoughData where nobody begins.

    >>> from regard.analytics.journeys.log import event_log
    >>> log = event_log([1, 1, 1, 2, 2], ["visit", "cart", "pay", "visit", "pay"], [0, 60, 90, 0, 10])
    >>> funnel(log, ["visit", "cart", "pay"]).n.tolist()
    [2, 1, 1]
    """
    if len(steps) < 2:
        raise InvalidInput("A funnel needs two steps at least.")
    places = {name: place for place, name in enumerate(log.names)}
    lacking = [name for name in steps if name not in places]
    if lacking:
        known = ", ".join(log.names[:20]) + ("" if len(log.names) <= 20 else ", …")
        raise InvalidInput(f"The step '{lacking[0]}' never happens. What happens: {known}.")
    wanted = np.array([places[name] for name in steps])
    most = np.full(len(steps), np.inf) if limits is None else np.asarray(limits, dtype=np.float64)
    ends = [np.minimum(one * MICROSECONDS, 4e18).astype(np.int64) for one in (most, np.asarray(within))]
    reached, waits = loop(_walk, log.n_events)(
        log.starts, log.activities, log.times, wanted, ends[0], int(ends[1])
    )
    n = np.bincount(reached, minlength=len(steps) + 1)[::-1].cumsum()[::-1][1:]
    if not n[0]:
        raise NotEnoughData(f"No case begins the funnel with '{steps[0]}'.")
    seconds = [np.nan] + [
        float(np.median(waits[reached > step, step])) / MICROSECONDS if n[step] else np.nan
        for step in range(1, len(steps))
    ]
    return Funnel(
        reached,
        n,
        share_arrays(n, np.full(len(n), n[0]), confidence=confidence),
        share_arrays(n, np.r_[n[0], n[:-1]], confidence=confidence),
        np.array(seconds),
    )


def funnel_by_segment(
    reached: NDArray[np.int64], n_steps: int, segments: Sequence[str | None]
) -> FunnelBySegment:
    """Which segments get through which step more or less often than all others.

    Args:
        reached: see `Funnel`. segments: of each case; None for none.

    Raises: NotEnoughData where there is one segment only.
    """
    given = np.array(["" if one is None else one for one in segments], dtype=object)
    known = np.array([one is not None for one in segments])
    names, code = np.unique(given[known].astype(str), return_inverse=True)
    if len(names) < 2:
        raise NotEnoughData("There are no two segments to compare; choose a column with two values at least.")
    order = np.argsort(-np.bincount(code), kind="stable")
    through = np.array(
        [[(reached[known][code == one] > step).sum() for step in range(n_steps)] for one in order]
    )
    rest = through.sum(axis=0) - through
    shares = share_arrays(through[:, 1:], through[:, :-1])
    differences = share_difference_arrays(shares, share_arrays(rest[:, 1:], rest[:, :-1]))
    return FunnelBySegment(
        tuple(names[order].tolist()), shares, differences, benjamini_hochberg(differences.p)
    )


def _walk(
    starts: NDArray[np.int64],
    activities: NDArray[np.uint16],
    times: NDArray[np.int64],
    wanted: NDArray[np.int64],
    limits: NDArray[np.int64],
    within: int,
) -> Any:
    """For each case how far it gets, and how long each step took after the one before. Run by `loop`.

    For each event and step it keeps the latest beginning from which the step can be reached there; a step without a
    limit only asks for the latest beginning of all that came before.
    """
    n_cases, n_steps = len(starts) - 1, len(wanted)
    reached, waits = np.zeros(n_cases, np.int64), np.zeros((n_cases, n_steps), np.int64)
    longest = np.max(starts[1:] - starts[:-1])
    begun, via = np.empty((longest, n_steps), np.int64), np.empty((longest, n_steps), np.int64)
    latest, where = np.empty(n_steps, np.int64), np.empty(n_steps, np.int64)
    for c in range(n_cases):
        low, length = starts[c], starts[c + 1] - starts[c]
        last = -1
        latest[:] = NEVER
        for i in range(length):
            for k in range(n_steps):
                begun[i, k] = NEVER
                if activities[low + i] != wanted[k]:
                    continue
                if k == 0:
                    begun[i, k] = times[low + i]
                elif limits[k] >= UNLIMITED:
                    if latest[k - 1] > NEVER and times[low + i] - latest[k - 1] <= within:
                        begun[i, k], via[i, k] = latest[k - 1], where[k - 1]
                else:
                    for j in range(i - 1, -1, -1):
                        if times[low + i] - times[low + j] > limits[k]:
                            break
                        if begun[j, k - 1] > begun[i, k] and times[low + i] - begun[j, k - 1] <= within:
                            begun[i, k], via[i, k] = begun[j, k - 1], j
                if begun[i, k] > NEVER and k + 1 > reached[c]:
                    reached[c], last = k + 1, i
            for k in range(n_steps):
                if begun[i, k] > latest[k]:
                    latest[k], where[k] = begun[i, k], i
        for k in range(reached[c] - 1, 0, -1):
            waits[c, k] = times[low + last] - times[low + via[last, k]]
            last = via[last, k]
    return reached, waits
