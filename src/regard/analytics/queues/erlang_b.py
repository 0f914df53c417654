"""How many callers find all lines busy, where nobody can wait?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Floats, together
from regard.analytics.queues.poisson_sums import log_chance, log_up_to


def erlang_b(load: ArrayLike, agents: ArrayLike) -> Floats:
    """The share of calls that find all `agents` busy and are lost, offered `load` Erlangs.

    It holds for any distribution of handling times. The chance that a Poisson variable of that mean is `agents`, over
    that of it being at most so many, taken in logarithms: exact to ten digits for ten thousand agents.

    Source: Erlang (1917), Elektroteknikeren 13, 5-13; Jagerman (1974), Bell System Technical Journal 53, 525-551.

    >>> erlang_b([10, 2], [12, 3]).round(4).tolist()
    [0.1197, 0.2105]
    """
    offered, n = together(load, agents)
    shape = offered.shape
    offered, n = np.atleast_1d(offered), np.atleast_1d(n)
    return np.exp(-log_inverse(offered, n)).reshape(shape)


def log_inverse(load: Floats, agents: Floats) -> Floats:
    """The logarithm of 1 / B; infinite where there is no load."""
    return np.asarray(log_up_to(agents, load) - log_chance(agents, load), dtype=np.float64)
