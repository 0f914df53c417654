"""Contacts of one case after the other: who has to change the channel, and who has to come back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import EstimateArrays, Floats, divide
from regard.analytics.journeys.log import MICROSECONDS, EventLog
from regard.analytics.shares.clustered import share_clustered_arrays
from regard.analytics.shares.wilson import share_arrays
from regard.kernel.errors import NotEnoughData

METHOD = "contacts: hops between channels of contacts in a row, repeats within the time given; Wilson intervals, clustered by case (jackknife)"
SOURCE = "Wilson (1927), JASA 22, 209-212; Korn and Graubard (1998), Survey Methodology 24, 193-201; MacKinnon et al. (2023), J. Econometrics 232, 272-299"


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Contacts, hops and repeats.

    Args:
        n: how many contacts. n_cases: in how many cases.
        hopping: the share of these cases that change the channel at least once. n_hops: how often in all.
        repeated: the share of contacts after which the same case makes another one within the time.
        channels: their names, the most frequent first; n_by_channel, repeated_by_channel: of contacts on each.
        hops: for each pair of channels (from, to) how often; seconds: the median time between, not a number if never.
    """

    n: int
    n_cases: int
    hopping: EstimateArrays
    n_hops: int
    repeated: EstimateArrays
    channels: tuple[str, ...]
    n_by_channel: NDArray[np.int64]
    repeated_by_channel: EstimateArrays
    hops: NDArray[np.int64]
    seconds: Floats


def contacts(
    log: EventLog,
    channels: NDArray[np.object_],
    *,
    chosen: NDArray[np.bool_] | None = None,
    again: float = 604_800.0,
) -> Contacts:
    """How often cases change the channel from contact to contact, and how often they come back.

    Args:
        channels: of each event, in the order of the log; None where it has none, and is no contact.
        chosen: which events are contacts; all with a channel if not given.
        again: seconds within which another contact makes the first one repeated.

    Raises: NotEnoughData where nothing is a contact.
    """
    is_contact = np.array([one is not None for one in channels], dtype=bool)
    is_contact &= True if chosen is None else chosen
    if not is_contact.any():
        raise NotEnoughData("No event is a contact on a channel.")
    names, code = np.unique(channels[is_contact].astype(str), return_inverse=True)
    order = np.argsort(-np.bincount(code), kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    code = place[code]
    case, when = log.case_of_event()[is_contact], log.times[is_contact]
    follows = np.append(case[1:] == case[:-1], False)
    gap = np.append(np.diff(when), 0) / MICROSECONDS
    repeated = follows & (gap <= again)
    hop = np.flatnonzero(follows & (code != np.append(code[1:], -1)))
    n_cases = len(np.unique(case))
    size = len(names)
    pair = code[hop] * size + code[hop + 1]
    hops = np.bincount(pair, minlength=size * size)
    seconds = np.full(size * size, np.nan)
    for one in np.flatnonzero(hops):
        seconds[one] = np.median(gap[hop][pair == one])
    return Contacts(
        n=len(case),
        n_cases=n_cases,
        hopping=share_arrays(len(np.unique(case[hop])), n_cases),
        n_hops=len(hop),
        repeated=_clustered(case, repeated, np.zeros(len(case), dtype=np.int64), 1)[0],
        channels=tuple(names[order].tolist()),
        n_by_channel=np.bincount(code, minlength=size),
        repeated_by_channel=_clustered(case, repeated, code, size),
        hops=hops.reshape(size, size),
        seconds=seconds.reshape(size, size),
    )


def _clustered(
    case: NDArray[np.int64], hit: NDArray[np.bool_], group: NDArray[np.int64], n_groups: int
) -> EstimateArrays:
    """The share of hits in each group; contacts of one case count together, and how far each moves it tells how sure it is.

    Source: Efron and Stein (1981), Ann. Statist. 9, 586-596; MacKinnon, Nielsen and Webb (2023), J. Econometrics 232, 272-299
        (the cluster jackknife, where some cases are much larger than others).
    """
    key, inverse = np.unique(case * n_groups + group, return_inverse=True)
    x = np.bincount(inverse).astype(np.float64)
    y = np.bincount(inverse, weights=hit)
    of = key % n_groups
    sums = [
        np.bincount(of, weights=one, minlength=n_groups)
        for one in (np.ones(len(x)), x, y, x * x, y * y, x * y)
    ]
    m, all_x, all_y = sums[0][of], sums[1][of], sums[2][of]
    without = divide(all_y - y, all_x - x) - all_y / all_x
    jackknife = np.bincount(of, weights=divide(m - 1, m) * without**2, minlength=n_groups)
    return share_clustered_arrays(*sums, variance=jackknife)
