"""What comes next and how long it still takes, from what happened last; judged on cases not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import EstimateArrays, Floats
from regard.analytics.journeys.log import MICROSECONDS, EventLog
from regard.analytics.shares.wilson import share_arrays
from regard.kernel.errors import NotEnoughData

METHOD = (
    "ahead: what followed in finished cases after the same last steps (three, else two, else one), quantiles of the time "
    "left; judged on the latest fifth of them"
)
SOURCE = "van der Aalst, Schonenberg and Song (2011), Information Systems 36, 450-475"
DEPTH = 3
FEWEST = 20
BAND = (0.1, 0.5, 0.9)
LATEST = 0.2
FEWEST_CASES = 10


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """What finished cases say of what comes next.

    Args:
        table: after each last activity, how often each one came next; the last column is the end.
        n: how often each activity was the last one.
        remaining: seconds left at each activity: at 10%, 50% and 90% of cases; (activities, 3).
        next_: for each event of the log the likeliest next activity, `len(names)` for the end.
        chance: how likely that is. left: seconds still to go, like `remaining`; (events, 3).
        n_finished: cases learnt from.
        hit, always: the share of next steps of the latest cases that are foretold, and that would be by always saying
            what is most frequent; error, plain: the mean error of seconds left, and if the same is said of all; covered:
            how often the time left lay between 10% and 90%. Not a number where there are too few cases.
    """

    table: NDArray[np.int64]
    n: NDArray[np.int64]
    remaining: Floats
    next_: NDArray[np.int64]
    chance: Floats
    left: Floats
    n_finished: int
    hit: EstimateArrays
    always: float
    error: float
    plain: float
    covered: float


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """For each event: the likeliest next activity, its chance, and the seconds left."""

    next_: NDArray[np.int64]
    chance: Floats
    left: Floats


def ahead(log: EventLog, finished: NDArray[np.bool_] | None = None) -> Ahead:
    """What comes next after each activity, how long a case still takes, and how well that is foretold.

    Args:
        finished: which cases are over; all if not given. Only they are learnt from.

    Raises: NotEnoughData where hardly any case is finished.
    """
    over = np.ones(log.n_cases, dtype=bool) if finished is None else finished
    if over.sum() < FEWEST_CASES:
        raise NotEnoughData(
            f"Only {int(over.sum())} cases are finished; {FEWEST_CASES} are needed to learn from."
        )
    size = len(log.names)
    case = log.case_of_event()
    contexts = _contexts(log)
    after = np.full(log.n_events, size, dtype=np.int64)
    inner = np.flatnonzero(case[1:] == case[:-1])
    after[inner] = log.activities[inner + 1]
    left = (log.times[log.starts[1:] - 1][case] - log.times) / MICROSECONDS
    begun = log.times[log.starts[:-1]]
    latest = over & (begun > np.quantile(begun[over], 1 - LATEST))
    known = over[case]
    told = _told(contexts, after, left, known, size)
    table = np.bincount(
        log.activities[known].astype(np.int64) * (size + 1) + after[known], minlength=size * (size + 1)
    ).reshape(size, size + 1)
    remaining = np.full((size, 3), np.nan)
    for code in np.unique(log.activities[known]).tolist():
        remaining[code] = np.quantile(left[known & (log.activities == code)], BAND)
    judged = _judged(contexts, after, left, over & ~latest, latest, case, size)
    return Ahead(
        table, table.sum(axis=1), remaining, told.next_, told.chance, told.left, int(over.sum()), *judged
    )


def _contexts(log: EventLog) -> list[NDArray[np.int64]]:
    """For each event a number for the last one, two and three activities; -1 where the case has not so many."""
    codes = log.activities.astype(np.int64)
    since = np.arange(log.n_events) - np.repeat(log.starts[:-1], np.diff(log.starts))
    found = [codes]
    for depth in range(1, DEPTH):
        longer = np.full(log.n_events, -1, dtype=np.int64)
        there = np.flatnonzero(since >= depth)
        joined = found[-1][there - 1] * len(log.names) + codes[there]
        longer[there] = np.unique(joined, return_inverse=True)[1]
        found.append(longer)
    return found


def _told(
    contexts: list[NDArray[np.int64]],
    after: NDArray[np.int64],
    left: Floats,
    known: NDArray[np.bool_],
    size: int,
) -> _Told:
    """What the known events say of all; of those whose last step is new there is the average of all."""
    n = len(after)
    overall = np.bincount(after[known], minlength=size + 1)
    next_ = np.full(n, int(overall.argmax()), dtype=np.int64)
    chance = np.full(n, overall.max() / overall.sum())
    seconds = np.tile(np.quantile(left[known], BAND), (n, 1))
    for context in contexts:
        groups = int(context.max()) + 1
        if not groups:
            break
        there = known & (context >= 0)
        counts = np.bincount(context[there], minlength=groups)
        pairs = np.bincount(context[there] * (size + 1) + after[there], minlength=groups * (size + 1))
        pairs = pairs.reshape(groups, size + 1)
        enough = (context >= 0) & (counts[context] >= FEWEST)
        order = np.lexsort((left[there], context[there]))
        ordered, bounds = left[there][order], np.r_[0, np.cumsum(counts)]
        at = context[enough]
        next_[enough] = pairs.argmax(axis=1)[at]
        chance[enough] = pairs.max(axis=1)[at] / counts[at]
        for column, share in enumerate(BAND):
            place = bounds[:-1] + np.maximum(np.ceil(share * counts).astype(np.int64) - 1, 0)
            seconds[enough, column] = ordered[np.minimum(place, len(ordered) - 1)][at]
    return _Told(next_, chance, seconds)


def _judged(
    contexts: list[NDArray[np.int64]],
    after: NDArray[np.int64],
    left: Floats,
    learnt: NDArray[np.bool_],
    latest: NDArray[np.bool_],
    case: NDArray[np.int64],
    size: int,
) -> tuple[EstimateArrays, float, float, float, float]:
    """How well the earlier cases foretell the latest ones."""
    if learnt.sum() < FEWEST_CASES or not latest.any():
        return share_arrays(0, 0), np.nan, np.nan, np.nan, np.nan
    told = _told(contexts, after, left, learnt[case], size)
    seen = latest[case]
    usual = int(np.bincount(after[learnt[case]], minlength=size + 1).argmax())
    middle = float(np.median(left[learnt[case]]))
    low, mid, high = told.left[seen].T
    return (
        share_arrays(int((told.next_[seen] == after[seen]).sum()), int(seen.sum())),
        float((after[seen] == usual).mean()),
        float(np.abs(mid - left[seen]).mean()),
        float(np.abs(middle - left[seen]).mean()),
        float(((left[seen] >= low) & (left[seen] <= high)).mean()),
    )
