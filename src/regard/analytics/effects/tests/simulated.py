"""Worlds in which the effect is known."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from regard.analytics.arrays import floats
from regard.analytics.effects.given import Rows, rows_of
from regard.analytics.predicting.logistic import logistic

NSW = Path(__file__).with_name("nsw.csv")
TRUE = 1.5


def national_supported_work() -> Rows:
    """The 445 men of Dehejia and Wahba's sample: earnings of 1978, training by lot, eight confounders."""
    with NSW.open() as file:
        table = list(csv.DictReader(file))
    names = [name for name in table[0] if name not in ("treat", "re78")]
    columns = {name: floats([float(row[name]) for row in table]) for name in table[0]}
    return rows_of(
        columns["re78"], columns["treat"], np.column_stack([columns[name] for name in names]), names
    )


def confounded(n: int, seed: int, *, effect: float = TRUE, varies: float = 0.0, share: bool = False) -> Rows:
    """Two confounders behind treatment and outcome (one bent), one behind nothing; the plain difference is far off.

    Args:
        varies: how much the effect grows with the first confounder; its mean over everybody stays `effect`.
        share: the outcome is 0 or 1, and `effect` is on the log odds.
    """
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(n, 3))
    t = (generator.random(n) < logistic(0.6 * x[:, 0] - 0.5 * x[:, 1])).astype(np.float64)
    base = 1.2 * x[:, 0] - 0.8 * x[:, 1]
    if share:
        y = (generator.random(n) < logistic(base + effect * t - 0.5)).astype(np.float64)
    else:
        y = base + (effect + varies * x[:, 0]) * t + generator.normal(size=n)
    return rows_of(floats(y), t, x, ["a", "b", "c"])


def true_share_effect(effect: float = TRUE) -> float:
    """What the effect on the log odds amounts to in points of chance, on average."""
    at = np.random.default_rng(0).normal(size=(400_000, 2)) @ [1.2, -0.8] - 0.5
    return float((logistic(at + effect) - logistic(at)).mean())
