"""What a purchase of each customer leaves: its amount, less margin, the cost to serve and the time until it comes."""

from __future__ import annotations

import math

import numpy as np

from regard.analyses.value.bought import Bought
from regard.analyses.value.valued import Model
from regard.analytics.arrays import Floats, floats
from regard.analytics.buying.gamma_gamma import GammaGamma, fit_gamma_gamma
from regard.analytics.buying.histories import Histories
from regard.analytics.shrinkage.towards_mean import shrink

# Above this the worth of a purchase goes with how often somebody buys, which the model takes as independent.
STRONG = 0.3


def spend(customers: Bought, notes: list[str]) -> tuple[GammaGamma, Floats]:
    """The model of amounts, and what a purchase of each customer brings on average."""
    told = (customers.again > 0) & ~np.isnan(customers.amount)
    usable = told & (customers.amount > 0)
    if (told & ~usable).any():
        notes.append(
            f"{int((told & ~usable).sum()):,} customers whose purchases come to nothing or less are left out of the "
            "model of amounts and taken as average."
        )
    x, z = customers.again[usable], customers.amount[usable]
    model = fit_gamma_gamma(x, z)
    if math.isnan(model.mean):
        notes.append(
            "Amounts are so uneven that they have no mean under the model; the values hang on a few customers."
        )
    together = float(np.corrcoef(x, z)[0, 1]) if np.ptp(x) > 0 else 0.0
    if abs(together) > STRONG:
        notes.append(
            f"Who buys more often spends {'more' if together > 0 else 'less'} each time (correlation {together:.2f}); "
            "the model of amounts takes the two as independent."
        )
    return model, model.amounts(np.where(usable, customers.again, 0), np.where(usable, customers.amount, 0.0))


def costs(customers: Bought) -> Floats:
    """What serving a purchase of each customer costs: the mean of theirs, drawn towards that of all as far as their
    single purchases scatter.

    Source: Morris (1983), JASA 78, 47-55.
    """
    n, mean = customers.cost_n, customers.cost
    known = n > 0
    freedom = float(np.maximum(n[known] - 1, 0).sum())
    within = float(customers.cost_scatter[known].sum()) / freedom if freedom else 0.0
    if not within:
        average = float(mean[known] @ n[known] / n[known].sum()) if known.any() else 0.0
        return floats(np.where(known, mean, average))
    found = shrink(mean[known], np.sqrt(within / n[known]))
    every = np.full(len(n), found.mean)
    every[known] = found.figures.value
    return every


def discounted(customers: Bought, model: Model, kinds: Histories, horizon: float, discount: float) -> Floats:
    """What a purchase of each kind within the horizon is worth today: 1 without a discount, else by quarters of a year,
    or by periods."""
    if not discount:
        return np.ones(len(kinds))
    counted = customers.counted
    pieces = horizon if counted.is_whole else max(math.ceil(horizon / (counted.a_year / 4)), 1)
    ends = np.linspace(0, horizon, round(pieces) + 1)
    until = np.array([np.zeros(len(kinds)), *(model.purchases(kinds, end) for end in ends[1:])])
    worth = (1 + discount) ** (-(ends[1:] + ends[:-1]) / 2 / counted.a_year)
    return np.asarray(worth @ np.diff(until, axis=0) / np.maximum(until[-1], 1e-300), dtype=np.float64)
