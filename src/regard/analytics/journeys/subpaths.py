"""Stretches of the way that go with an outcome: how many have them, and how much more often it then comes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import EstimateArrays, Floats
from regard.analytics.journeys.log import EventLog
from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg
from regard.analytics.shares.wilson import share_arrays
from regard.kernel.errors import InvalidInput, NotEnoughData

METHOD = (
    "sub-paths: Wilson intervals, Fisher's exact test of with against without, p after Benjamini and Hochberg"
)
SOURCE = "Fisher (1935), The Design of Experiments; Benjamini and Hochberg (1995), J. R. Statist. Soc. B 57, 289-300"
FEWEST = 5


@dataclass(frozen=True, slots=True, eq=False)
class SubPaths:
    """Stretches of one to `longest` activities right after each other; the surest association first.

    Args:
        paths: the activities of each.
        n: how many cases have it. support: their share of all cases.
        outcome: the share of them with the outcome. lift: that over the share of all.
        p: how likely a difference as large is by chance, corrected for all that were looked at.
        share: of all cases with the outcome. n_cases: how many cases.
    """

    paths: tuple[tuple[str, ...], ...]
    n: NDArray[np.int64]
    support: Floats
    outcome: EstimateArrays
    lift: Floats
    p: Floats
    share: float
    n_cases: int


def sub_paths(
    log: EventLog,
    outcome: NDArray[np.bool_],
    *,
    before: NDArray[np.int64] | None = None,
    longest: int = 3,
    least: float = 0.01,
) -> SubPaths:
    """Which stretches of the way go with an outcome more or less often than its absence.

    A case counts once, however often it has the stretch. This is association: whoever goes on longer has more of
    everything, and may go on because of the outcome.

    Args:
        outcome: of each case.
        before: of each case, how many of its first events count; all if not given.
        longest: the most activities of a stretch.
        least: the least share of cases that have a stretch and that lack it, for it to be looked at.

    Raises: NotEnoughData where all cases or none have the outcome, or no stretch is frequent enough.
    """
    if not 1 <= longest <= 8:
        raise InvalidInput("A sub-path has 1 to 8 activities.")
    n_cases, hits = log.n_cases, int(outcome.sum())
    if not 0 < hits < n_cases:
        raise NotEnoughData(
            f"{'All' if hits else 'None'} of the cases have the outcome, so nothing can go with it."
        )
    fewest = max(FEWEST, int(np.ceil(least * n_cases)))
    from scipy.stats import hypergeom  # takes a second to load

    paths, n, k = _counted(log, outcome, before, longest, fewest)
    if not paths:
        raise NotEnoughData(f"No stretch of the way occurs in at least {fewest} cases and lacks in as many.")
    below, above = hypergeom.cdf(k, n_cases, hits, n), hypergeom.sf(k - 1, n_cases, hits, n)
    p = benjamini_hochberg(np.minimum(2 * np.minimum(below, above), 1.0))
    shares, overall = share_arrays(k, n), hits / n_cases
    order = np.lexsort((-n, -np.abs(np.log(np.maximum(shares.value, 1e-12) / overall)), p))
    return SubPaths(
        tuple(paths[place] for place in order),
        n[order],
        n[order] / n_cases,
        shares[order],
        shares.value[order] / overall,
        p[order],
        overall,
        n_cases,
    )


def _counted(
    log: EventLog, outcome: NDArray[np.bool_], before: NDArray[np.int64] | None, longest: int, fewest: int
) -> tuple[list[tuple[str, ...]], NDArray[np.int64], NDArray[np.int64]]:
    """The stretches that enough cases have and lack, in how many cases, and in how many of them the outcome came.

    A stretch is looked at only where its beginning is frequent enough (Agrawal and Srikant 1994).
    """
    lengths = np.diff(log.starts) if before is None else np.minimum(before, np.diff(log.starts))
    case = np.repeat(np.arange(log.n_cases), lengths)
    event = np.repeat(log.starts[:-1] - np.r_[0, np.cumsum(lengths)[:-1]], lengths) + np.arange(len(case))
    last, codes, found = log.starts[:-1] + lengths, log.activities[event].astype(np.int64), []
    names: list[tuple[str, ...]] = [(name,) for name in log.names]
    for size in range(1, longest + 1):
        pairs = np.unique(codes * log.n_cases + case)
        n = np.bincount(pairs // log.n_cases, minlength=len(names))
        k = np.bincount(pairs // log.n_cases, weights=outcome[pairs % log.n_cases], minlength=len(names))
        frequent = n >= fewest
        shown = np.flatnonzero(frequent & (log.n_cases - n >= fewest))
        found.append(([names[one] for one in shown], n[shown], np.rint(k[shown]).astype(np.int64)))
        kept = frequent[codes] & (event + size < last[case])
        codes, case, event = codes[kept], case[kept], event[kept]
        if not len(codes) or size == longest:
            break
        longer = codes * len(log.names) + log.activities[event + size]
        distinct, codes = np.unique(longer, return_inverse=True)
        names = [
            (*names[one // len(log.names)], log.names[one % len(log.names)]) for one in distinct.tolist()
        ]
    paths = [path for some, _, _ in found for path in some]
    return paths, np.concatenate([n for _, n, _ in found]), np.concatenate([k for _, _, k in found])
