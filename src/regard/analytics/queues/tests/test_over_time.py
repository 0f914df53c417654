"""Queues state by state: in the long run, with chats side by side, and through time, against formulas and played ones."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import pytest

from regard.analytics.arrays import floats
from regard.analytics.queues.crew import Crew, long_run
from regard.analytics.queues.erlang_a import erlang_a
from regard.analytics.queues.erlang_c import erlang_c
from regard.analytics.queues.offered import Level, Offered, Service
from regard.analytics.queues.over_time import fewest_over_time, over_time
from regard.analytics.queues.side_by_side import side_by_side
from regard.kernel.errors import InvalidInput

NAMES = ("delayed", "within", "abandoned", "abandoned_within", "wait", "occupancy")


def same(one: Service, other: Service, at: int, tolerance: float) -> None:
    for name in NAMES:
        assert getattr(one, name)[at] == pytest.approx(
            getattr(other, name)[at], rel=tolerance, abs=tolerance
        ), name


@pytest.mark.parametrize(
    ("patience", "agents"), [(np.inf, 14), (np.inf, 11), (60.0, 10), (120.0, 8), (5.0, 3)]
)
def test_one_chat_at_a_time_is_erlangs(patience: float, agents: int) -> None:
    offered = Offered.of(100 / 1800, 180, patience)
    formula = erlang_c if np.isinf(patience) else erlang_a
    chats = side_by_side(offered, agents, at_once=1, slower=0.0, within=20)
    same(chats, formula(offered, agents, within=20), 0, 1e-9)


def test_chats_that_cost_nothing_more_are_as_many_agents_and_those_that_take_turns_are_one() -> None:
    offered = Offered.of([100 / 1800, 60 / 1800], 180)
    chats = side_by_side(offered, [6, 6], at_once=3, slower=0.0, within=20)
    # As eighteen agents; the agents themselves are busy while they have at least one.
    assert chats.within[0] == pytest.approx(erlang_c(offered, 18, within=20).within[0], rel=1e-9)
    # Two that each take twice as long as one: the same work is done.
    alone = Crew(6, 180.0, at_once=1)
    both = Crew(6, 180.0, at_once=2, slower=1.0)
    assert both.fastest == pytest.approx(alone.fastest)
    assert side_by_side(offered, [12, 12], at_once=1, slower=0.0, within=20).stable.all()


def play_chats(rate: float, crew: Crew, *, within: float, calls: int, seed: int) -> tuple[float, float]:
    """Waits, the share within and the mean, of chats played one by one on the total rate of the crew."""
    random = np.random.default_rng(seed)
    clock, there, queue, waits = 0.0, 0, list[float](), list[float]()
    while len(waits) < calls:
        leaving = float(crew.served(np.array([there]))[0])
        clock += random.exponential(1 / (rate + leaving))
        if random.random() < rate / (rate + leaving):
            there += 1
            if there > crew.places:
                queue.append(clock)
            else:
                waits.append(0.0)
        else:
            there -= 1
            if queue:
                waits.append(clock - queue.pop(0))
    found = np.array(waits[calls // 10 :])
    return float((found <= within).mean()), float(found.mean())


def test_chats_wait_as_played_ones_do() -> None:
    crew = Crew(4, 300.0, at_once=3, slower=0.4)
    rate = 0.7 * crew.fastest
    within, wait = play_chats(rate, crew, within=30, calls=30_000, seed=1)
    found = side_by_side(Offered.of(rate, 300), 4, at_once=3, slower=0.4, within=30)
    assert found.within[0] == pytest.approx(within, abs=0.02)
    assert found.wait[0] == pytest.approx(wait, rel=0.2)


def test_too_few_have_no_long_run() -> None:
    assert long_run(Crew(3, 60.0), 0.06) is None
    assert not side_by_side(Offered.of(0.06, 60), 3, at_once=1, slower=0, within=20).stable[0]
    with pytest.raises(InvalidInput, match="1 or more at once"):
        Crew(3, 60.0, at_once=0)


@pytest.mark.parametrize("patience", [np.inf, 90.0])
def test_a_load_that_stays_comes_to_the_long_run(patience: float) -> None:
    offered = Offered.of(np.full(12, 100 / 1800), 180, patience)
    agents = np.full(12, 12.0)
    formula = erlang_c if np.isinf(patience) else erlang_a
    through = over_time(offered, agents, seconds=1800, within=20)
    same(through, formula(offered, agents, within=20), 11, 1e-4)
    assert through.within[0] > through.within[11]  # it began with nobody waiting


def play_day(
    rates: list[float],
    agents: list[int],
    handling: float,
    *,
    seconds: float,
    within: float,
    days: int,
    seed: int,
) -> np.ndarray:
    """The share answered within the time by interval: days played call by call; who leaves hands the call over."""
    random = np.random.default_rng(seed)
    good, all_ = np.zeros(len(rates)), np.zeros(len(rates))
    for _ in range(days):
        clock, there, queue = 0.0, 0, list[tuple[float, int]]()
        heapq.heapify(queue)
        end = seconds * len(rates)
        while clock < end or queue:
            place = min(int(clock // seconds), len(rates) - 1)
            rate, n = (rates[place] if clock < end else 0.0), agents[place]
            pace = rate + min(there, n) / handling
            boundary = (place + 1) * seconds if clock < end else np.inf
            step = random.exponential(1 / pace) if pace else np.inf
            if clock + step >= boundary:
                clock = boundary
            elif random.random() < rate / pace:
                clock, there = clock + step, there + 1
                heapq.heappush(queue, (clock, place))
            else:
                clock, there = clock + step, there - 1
            # Who has waited longest is answered as soon as there is somebody.
            n = agents[min(int(clock // seconds), len(rates) - 1)]
            while queue and there - len(queue) < min(n, there):
                came, of = heapq.heappop(queue)
                all_[of] += 1
                good[of] += clock - came <= within
    return good / all_


def test_a_peak_is_felt_after_it_as_in_played_days() -> None:
    rates, agents = [30 / 1800, 75 / 1800, 40 / 1800], [6, 10, 8]
    found = over_time(Offered.of(rates, 240), floats(agents), seconds=1800, within=20)
    played = play_day(rates, agents, 240.0, seconds=1800, within=20, days=150, seed=2)
    np.testing.assert_allclose(found.within, played, atol=0.06)
    alone = erlang_c(Offered.of(rates[2], 240), 8, within=20)
    assert found.within[2] < alone.within[0] - 0.02
    assert np.isfinite(found.wait).all()  # the middle one has no long run


def test_the_fewest_agents_meet_the_target_in_every_interval_and_one_fewer_does_not() -> None:
    rates = np.array([30, 75, 40, 0, 20]) / 1800
    offered = Offered.of(rates, 240)
    given: dict[str, Any] = {"seconds": 1800.0, "within": 20.0}
    found = fewest_over_time(
        offered, target=0.8, level=Level.OFFERED, most_occupancy=1.0, begin=floats([6, 13, 7, 0, 4]), **given
    )
    served = over_time(offered, found, **given)
    assert (served.within[rates > 0] >= 0.8).all()
    for place in (0, 1, 2, 4):
        fewer = found.copy()
        fewer[place] -= 1
        assert over_time(offered, fewer, **given).within[place] < 0.8
