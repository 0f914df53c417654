"""The picture of `value`: whether the model holds for purchases held out, or what it expects."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from regard.analyses.pictures import Dot, dots
from regard.analyses.telling import number

if TYPE_CHECKING:
    from regard.analyses.value.valued import Valued

STEPS = (*range(7), 7)
FAR = 1.959963984540054


def draw_customers(valued: Valued) -> str:
    """By how often customers bought again: how many purchases were made in the weeks held out, with what the model
    expected beside it; what it expects within the horizon where none are held out."""
    customers, place = valued.customers, valued.place
    time = customers.time_later or valued.horizon
    expected = valued.model.ahead(valued.kinds, time) if customers.time_later else valued.ahead
    rows = []
    for again in STEPS:
        chosen = customers.again >= again if again == STEPS[-1] else customers.again == again
        n = int(chosen.sum())
        if not n:
            continue
        name = f"{again}{'+' if again == STEPS[-1] else ''} ({n:,})"
        mean = float(expected.mean[place][chosen].mean())
        away = FAR * math.sqrt(float(expected.variance[place][chosen].mean()) / n)
        rows.append(Dot(f"again {name}: expected", mean, max(mean - away, 0.0), mean + away, number(mean, 2)))
        if customers.time_later:
            made = float(np.mean(customers.later[chosen]))
            rows.append(Dot("made", made, None, None, number(made, 2), is_told=False))
    title = f"Purchases a customer in {valued.ahead_of(round(time))}{' held out' if customers.time_later else ' to come'}"
    return dots(title, "mean; the interval is what chance does to the mean of so many", rows)
