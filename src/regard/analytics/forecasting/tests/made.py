"""Series of which it is known how they were made."""

from __future__ import annotations

import numpy as np

from regard.analytics.arrays import Floats

KINDS = ("noise", "autoregressive", "walk", "counts", "shocks", "multiplied", "heavy tails")


def made(kind: str, n: int, day: int, seed: int) -> Floats:
    """`n` values with a season of a day and one of a week, and errors of that kind."""
    random = np.random.default_rng(seed)
    wave = np.sin(2 * np.pi * np.arange(n) / day)
    week = np.resize(np.repeat(random.normal(0, 0.2, 7), day), n)
    noise = random.normal(0, 1, n)
    if kind == "noise":
        return 100 + 20 * wave + 10 * noise
    if kind == "autoregressive":
        carried = np.empty(n)
        carried[0] = noise[0]
        for place in range(1, n):
            carried[place] = 0.8 * carried[place - 1] + noise[place]
        return 100 + 20 * wave + 5 * carried
    if kind == "walk":
        return 200 + 20 * wave + 5 * noise + np.cumsum(random.normal(0, 0.5, n))
    if kind == "counts":
        return random.poisson(np.exp(1.5 + 1.2 * wave + week)).astype(np.float64)
    if kind == "shocks":
        shocks = np.resize(np.repeat(np.exp(random.normal(0, 0.15, n // day + 1)), day), n)
        return random.poisson(20 * np.exp(0.8 * wave + week) * shocks).astype(np.float64)
    if kind == "multiplied":
        return np.asarray(100 * np.exp(0.6 * wave + week + 0.15 * noise))
    return np.asarray(100 + 20 * wave + 5 * random.standard_t(3, n))
