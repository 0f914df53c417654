"""How is a queue served in which some give up?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Floats, divide, floats
from regard.analytics.queues.erlang_b import log_inverse
from regard.analytics.queues.offered import Offered, Service
from regard.analytics.queues.poisson_sums import log_chance, log_from
from regard.kernel.errors import InvalidInput

METHOD = "Erlang A (M/M/N+M, exponential patience)"
SOURCE = (
    "Palm (1957), Tele 2; Baccelli and Hébuterne (1981), Performance '81, 159-179; "
    "Mandelbaum and Zeltyn (2007), Service engineering in action"
)


def erlang_a(offered: Offered, agents: ArrayLike, *, within: float) -> Service:
    """How `agents` serve calls of which each gives up after a patience of its own. It is always stable.

    The birth and death process of Palm, in closed form. With A the load, y = N x patience / handling, x = rate x
    patience and S = 1 + x/(y+1) + x²/((y+1)(y+2)) + …, the share that waits is S / (1/B - 1 + S); what somebody who never
    gave up would wait has the density rate π exp(x (1 - exp(-t/patience)) - N t/handling), whose integrals are
    incomplete gamma functions.

    Args:
        offered: what comes; its patience must be finite.
        agents: how many, one number or one for each interval; at least 1 where calls come.
        within: the target time in seconds.

    Returns: Service. Raises: InvalidInput where patience is infinite (use Erlang C) or there is no agent.
    Source: Palm (1957), Research on telephone traffic carried by full availability groups, Tele 2; Baccelli and
    Hébuterne (1981); Mandelbaum and Zeltyn (2007).

    >>> served = erlang_a(Offered.of(100 / 1800, 180, 60), 10, within=20)
    >>> float(served.abandoned[0].round(3))
    0.158
    """
    load, patience = offered.load, offered.patience
    n = np.broadcast_to(floats(agents), load.shape)
    if not np.isfinite(patience).all():
        raise InvalidInput("Erlang A needs a patience in seconds; where nobody gives up, ask for Erlang C.")
    if ((n < 1) & (load > 0)).any():
        raise InvalidInput("Without an agent nobody is served; give at least 1.")
    some = load > 0
    waits = _Waits(offered, np.where(some, n, 1.0), np.where(some, load, 1.0))
    served, late = waits.served_after(0.0), waits.served_after(within)
    longer = waits.longer_than(within)
    stays = np.exp(-within / patience)
    gone_within = 1 - served - longer + late + (1 - stays) * longer
    abandoned = np.where(some, waits.delayed * np.maximum(1 - served, 0.0), 0.0)
    return Service(
        agents=floats(n),
        load=load,
        stable=np.ones(load.shape, dtype=bool),
        delayed=np.where(some, waits.delayed, 0.0),
        within=np.where(some, 1 - waits.delayed * (1 - served + late), 1.0),
        abandoned=abandoned,
        abandoned_within=np.where(some, waits.delayed * np.clip(gone_within, 0.0, 1 - served), 0.0),
        wait=abandoned * patience,
        occupancy=np.where(some, divide(load * (1 - abandoned), n), 0.0),
    )


class _Waits:
    """The wait that an endlessly patient caller would find."""

    def __init__(self, offered: Offered, n: Floats, load: Floats) -> None:
        self.patience, self.ratio = offered.patience, n / load
        self.y = n * offered.patience / offered.handling
        self.x = load * offered.patience / offered.handling
        self.all = log_from(self.y, self.x)
        with np.errstate(over="ignore", invalid="ignore"):
            # log S, and 1/B - 1 over S: the chance of none free against that of a free one.
            queue = self.all - log_chance(self.y, self.x)
            free = log_inverse(load, n)
            free = free + np.log(-np.expm1(-free))
            self.delayed = 1 / (1 + np.exp(free - queue))

    def longer_than(self, t: float) -> Floats:
        """The share of those who wait who would wait longer than `t` seconds."""
        left = self.x * np.exp(-t / self.patience)
        return floats(np.exp(log_from(self.y, left) - self.all))

    def served_after(self, t: float) -> Floats:
        """The share of those who wait who are served after more than `t` seconds."""
        left = self.x * np.exp(-t / self.patience)
        return floats(self.ratio * np.exp(log_from(self.y + 1, left) - self.all))
