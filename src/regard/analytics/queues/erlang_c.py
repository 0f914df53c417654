"""How is a queue served in which everybody waits as long as it takes?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import divide, floats
from regard.analytics.queues.erlang_b import log_inverse
from regard.analytics.queues.offered import Offered, Service

ROUNDING = 1e-12
METHOD = "Erlang C (M/M/N, nobody gives up)"
SOURCE = (
    "Erlang (1917), Elektroteknikeren 13, 5-13; Gross et al. (2008), Fundamentals of Queueing Theory, 2.3"
)


def erlang_c(offered: Offered, agents: ArrayLike, *, within: float) -> Service:
    """How `agents` serve calls that wait until they are answered, in the order of their coming.

    Args:
        offered: what comes; its patience is not looked at.
        agents: how many, one number or one for each interval.
        within: the target time in seconds.

    Returns: Service; not stable where the load is not below the number of agents: the queue then grows without end.
    Source: Erlang (1917); Gross et al. (2008), Fundamentals of Queueing Theory, 4th ed., section 2.3.

    >>> served = erlang_c(Offered.of(100 / 1800, 180), 14, within=20)
    >>> float(served.within[0].round(4)), float(served.wait[0].round(2))
    (0.8884, 7.84)
    """
    load = offered.load
    n = np.broadcast_to(floats(agents), load.shape)
    # A load that is N but for rounding is no smaller than N.
    stable = (load < n * (1 - ROUNDING)) | (load == 0)
    spare = np.where(stable, n - load, np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        # C = 1 / (1 + (1 - A/N) (1/B - 1)), which loses no digits where B is tiny.
        inverse = np.expm1(log_inverse(np.where(stable, load, 0.0), n))
        delayed = np.where(load == 0, 0.0, 1 / (1 + divide(spare, n) * inverse))
        decay = np.where(load == 0, 1.0, np.exp(-spare * within / offered.handling))
    nobody = np.where(stable, 0.0, np.nan)
    return Service(
        agents=floats(n),
        load=load,
        stable=stable,
        delayed=delayed,
        within=1 - delayed * decay,
        abandoned=nobody,
        abandoned_within=nobody,
        wait=np.where(load == 0, 0.0, divide(delayed * offered.handling, spare)),
        occupancy=np.where(load == 0, 0.0, np.where(stable, divide(load, n), np.nan)),
    )
