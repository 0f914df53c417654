"""What the models of buying share: four parameters that are fitted on their logarithms, and purchases to come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from regard.analytics.arrays import Floats
from regard.analytics.buying.histories import Histories
from regard.analytics.buying.likeliest import Peak, likeliest
from regard.kernel.errors import NotEnoughData

FEWEST = 2


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """Purchases to come: arrays, an element for each kind of customer.

    Args:
        mean, variance: of their number.
        low, high: whole numbers between which it comes out with the confidence asked for, or more.
    """

    mean: Floats
    variance: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class BuyingModel:
    """A model with the parameters that `NAMES` names, each of them positive.

    Args:
        covariance: of the logarithms of the parameters, (4, 4).
        log_likelihood: of all customers.
        n: customers.
    """

    NAMES: ClassVar[tuple[str, ...]]

    covariance: Floats
    log_likelihood: float
    n: int

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        return {name: getattr(self, name) for name in self.NAMES}

    @property
    def at(self) -> Floats:
        """The logarithms of the parameters."""
        return np.log(list(self.parameters.values()))

    def moved(self, at: Floats) -> Self:
        """The same with other parameters, given as `at`."""
        changed: dict[str, Any] = dict(zip(self.NAMES, np.exp(at).tolist(), strict=True))
        return replace(self, log_likelihood=0.0, **changed)


def check_histories(histories: Histories) -> None:
    """Raises: NotEnoughData where fewer than two customers bought again."""
    if float(histories.n[histories.again > 0].sum()) < FEWEST:
        raise NotEnoughData(
            "Fewer than two customers bought again, which tells nothing of who will. Give a longer time of purchases."
        )


def peak_of(likelihood: Callable[[Floats], tuple[float, Floats]], start: Floats, n: float) -> Peak:
    """The peak of the likelihood of purchases; see `likeliest`. Raises: NotEnoughData where there is none."""
    peak = likeliest(likelihood, start, n)
    if peak is None:
        raise NotEnoughData(
            "These purchases fit no model of this kind: nobody seems to leave, or all customers are alike. "
            "Give a longer time of purchases, or more customers."
        )
    return peak
