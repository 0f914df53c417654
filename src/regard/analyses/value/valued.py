"""Customers who buy without a contract, with what was found of them."""

from __future__ import annotations

from dataclasses import dataclass

from regard.analyses.value.bought import Bought
from regard.analyses.value.traits import Traits
from regard.analytics.arrays import Floats
from regard.analytics.buying.bg_bb import BgBb
from regard.analytics.buying.bg_nbd import BgNbd
from regard.analytics.buying.gamma_gamma import GammaGamma
from regard.analytics.buying.histories import Histories, Places
from regard.analytics.buying.model import Ahead
from regard.analytics.buying.pareto_nbd import ParetoNbd
from regard.analytics.buying.with_traits import WithTraits

Model = BgNbd | ParetoNbd | BgBb | WithTraits


@dataclass(frozen=True, slots=True, eq=False)
class Valued:
    """The customers with what was found; arrays by customer, but for `kinds`, `place` and `ahead`."""

    customers: Bought
    kinds: Histories
    place: Places
    model: Model
    ahead: Ahead
    spend: GammaGamma | None
    horizon: float
    amounts: Floats | None  # what a purchase leaves, after margin, cost and discount
    notes: list[str]
    traits: Traits | None = None

    def ahead_of(self, units: float) -> str:
        """A time as people read it."""
        unit = self.customers.counted.unit
        return f"{units:g} {unit.replace('s', '', 1) if units == 1 else unit}"
