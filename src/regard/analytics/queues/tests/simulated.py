"""A queue played call by call, for the formulas to be held against."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Played:
    """Shares of the calls offered, and the mean wait of all in seconds."""

    delayed: float
    within: float
    abandoned: float
    abandoned_within: float
    wait: float


def play(
    rate: float, handling: float, patience: float, agents: int, *, within: float, calls: int, seed: int
) -> Played:
    """`calls` calls answered in the order of their coming by whoever is free first; a tenth more comes before to warm up.

    Args:
        patience: mean seconds, exponential; infinite for nobody gives up.
    """
    random = np.random.default_rng(seed)
    early = calls // 10
    comes = np.cumsum(random.exponential(1 / rate, calls + early))
    takes = random.exponential(handling, calls + early)
    stays = (
        random.exponential(patience, calls + early) if np.isfinite(patience) else np.full(len(comes), np.inf)
    )
    free = [0.0] * agents
    waits, gone = np.zeros(len(comes)), np.zeros(len(comes), dtype=bool)
    for place, (at, needed, most) in enumerate(
        zip(comes.tolist(), takes.tolist(), stays.tolist(), strict=True)
    ):
        # First come, first served: the agent free first takes the call, unless it would have given up by then.
        wait = max(free[0] - at, 0.0)
        if wait > most:
            waits[place], gone[place] = most, True
        else:
            waits[place] = wait
            heapq.heapreplace(free, at + wait + needed)
    waits, gone = waits[early:], gone[early:]
    return Played(
        delayed=float((waits > 0).mean()),
        within=float((~gone & (waits <= within)).mean()),
        abandoned=float(gone.mean()),
        abandoned_within=float((gone & (waits <= within)).mean()),
        wait=float(waits.mean()),
    )
