"""What the intervals of repeated contacts cover, where some cases come back far more often than others."""

from __future__ import annotations

import numpy as np
import pytest

from regard.analytics.arrays import Floats, floats
from regard.analytics.journeys.contacts import Contacts, contacts
from regard.analytics.journeys.log import event_log

DAY = 86_400.0
CHANNELS = np.array(["chat", "email", "phone"], dtype=object)


def drawn(seed: int, cases: int, repeats: float, uneven: float) -> Contacts:
    """Contacts of cases of which some make more and do so sooner, each mostly on a channel of its own."""
    random = np.random.default_rng(seed)
    busy = random.gamma(1 / uneven, uneven, cases) if uneven else np.ones(cases)
    n = 1 + random.poisson(repeats * busy)
    case = np.repeat(np.arange(cases), n)
    gap = random.exponential(3 * DAY / (0.2 + (busy * random.uniform(0.5, 1.5, cases))[case]))
    usual = random.choice(3, cases, p=[0.15, 0.3, 0.55])[case]
    stays = random.random(len(case)) < 0.7
    channel = np.where(stays, usual, random.choice(3, len(case), p=[0.15, 0.3, 0.55]))
    log = event_log(case, np.full(len(case), "contact"), np.cumsum(gap))
    return contacts(log, CHANNELS[channel][log.rows], again=3 * DAY)


def figures_of(found: Contacts, of: str) -> Floats:
    """The share repeated, of all and by channel, and that of cases which change it: array (2 + channels,)."""
    by = dict(zip(found.channels, getattr(found.repeated_by_channel, of), strict=True))
    whole = [getattr(one, of) for one in (found.repeated, found.hopping)]
    return floats([*whole, *(by.get(channel, np.nan) for channel in CHANNELS)])


def held(runs: int, cases: int, repeats: float, uneven: float) -> Floats:
    """How often the intervals hold what is told of 40,000 cases."""
    truth = figures_of(drawn(99, 40_000, repeats, uneven), "value")
    hits, told = np.zeros(truth.shape), np.zeros(truth.shape)
    for run in range(runs):
        found = drawn(1000 + run, cases, repeats, uneven)
        low, high = figures_of(found, "low"), figures_of(found, "high")
        hits += (low <= truth) & (truth <= high)
        told += np.isfinite(low)
    assert told.min() > 0.98 * runs
    return floats(hits / told)


def test_the_intervals_of_repeated_contacts_hold_the_truth_in_a_few_runs() -> None:
    assert held(60, 100, 4.0, 1.0).mean() > 0.91


@pytest.mark.long
@pytest.mark.parametrize("cases", [60, 200])
def test_the_intervals_of_repeated_contacts_hold_the_truth_nineteen_times_in_twenty(cases: int) -> None:
    rates = floats([held(600, cases, repeats, uneven) for repeats in (0.5, 4.0) for uneven in (0.0, 2.0)])
    assert rates.min() >= 0.92, rates
    assert 0.935 <= rates.mean() <= 0.965, rates
