"""Erlang B, C and A against published figures, the birth and death process, a played queue and each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.analytics.queues.erlang_a import erlang_a
from regard.analytics.queues.erlang_b import erlang_b
from regard.analytics.queues.erlang_c import erlang_c
from regard.analytics.queues.fewest_agents import fewest_agents
from regard.analytics.queues.offered import Level, Offered
from regard.analytics.queues.tests.simulated import Played, play
from regard.kernel.errors import InvalidInput


def recursion(load: float, agents: int) -> float:
    """Erlang B by its recursion, in which nothing cancels."""
    inverse = 1.0
    for n in range(1, agents + 1):
        inverse = 1 + n / load * inverse
    return 1 / inverse


def birth_and_death(offered: Offered, agents: int, states: int = 60_000) -> tuple[float, float]:
    """The share that waits and the share that gives up, of all states one by one."""
    rate, handling, patience = (float(one[0]) for one in (offered.rate, offered.handling, offered.patience))
    n = np.arange(1, states)
    leaving = np.minimum(n, agents) / handling + np.maximum(n - agents, 0) / patience
    logs = np.concatenate([[0.0], np.cumsum(np.log(rate / leaving))])
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    waiting = np.maximum(np.arange(states) - agents, 0)
    return float(chances[agents:].sum()), float(waiting @ chances / patience / rate)


@pytest.mark.parametrize(
    ("load", "agents"),
    [
        (10, 12),
        (0.001, 3),
        (5, 50),
        (1000, 1),
        (9800, 10_000),
        (9999.5, 10_000),
        (14_000, 10_000),
        (2000, 10_000),
    ],
)
def test_erlang_b_is_its_recursion_up_to_ten_thousand_agents(load: float, agents: int) -> None:
    assert float(erlang_b(load, agents)) == pytest.approx(recursion(load, agents), rel=1e-10)


def test_erlang_c_gives_the_published_example() -> None:
    served = erlang_c(Offered.of(100 / 1800, 180), 14, within=20)
    assert float(served.delayed[0]) == pytest.approx(0.174132, abs=5e-7)
    assert float(served.within[0]) == pytest.approx(0.888350, abs=5e-7)
    assert float(served.wait[0]) == pytest.approx(7.8359, abs=5e-5)


def test_a_load_that_is_the_number_of_agents_but_for_rounding_is_unstable() -> None:
    served = erlang_c(Offered.of(100 / 1800, 180), [10], within=20)
    assert not served.stable[0]
    assert np.isnan([served.within[0], served.delayed[0], served.wait[0], served.occupancy[0]]).all()


# Smallest numbers, service levels and chances to wait that pyworkforce 0.5.1 gives (it pulls in a solver that nothing
# else here needs, so it was asked in an environment of its own): calls, seconds each, per, within, target.
PYWORKFORCE = [
    (100, 180, 1800, 20, 0.8, 14, 0.8883500191794669, 0.1741319335950498),
    (120, 300, 1800, 20, 0.8, 25, 0.8501712776124517, 0.20910282659883667),
    (40, 390, 900, 30, 0.9, 23, 0.9091771543875278, 0.14044392426008315),
    (900, 240, 1800, 10, 0.7, 128, 0.7385004483563076, 0.36495202342837874),
    (3, 600, 3600, 60, 0.95, 3, 0.9881999881352818, 0.015151515151515152),
]


@pytest.mark.parametrize("row", PYWORKFORCE)
def test_erlang_c_agrees_with_pyworkforce(row: tuple[float, ...]) -> None:
    calls, handling, per, within, target, agents, level, delayed = row
    offered = Offered.of(calls / per, handling)
    found = fewest_agents(offered, target=target, within=within)
    assert found.tolist() == [agents]
    served = erlang_c(offered, found, within=within)
    assert float(served.within[0]) == pytest.approx(level, abs=1e-12)
    assert float(served.delayed[0]) == pytest.approx(delayed, abs=1e-12)


def test_erlang_a_gives_the_published_example() -> None:
    served = erlang_a(Offered.of(48 / 60, 60, 120), 50, within=0)
    assert float(served.abandoned[0]) == pytest.approx(0.031, abs=5e-4)
    assert float(served.wait[0]) == pytest.approx(3.7, abs=0.05)


def test_who_gives_up_saves_agents() -> None:
    offered = Offered.of(120 / 1800, 300, 120)
    assert fewest_agents(offered, target=0.8, within=20).tolist() == [25]
    found = fewest_agents(offered, target=0.8, within=20, gives_up=True)
    served = erlang_a(offered, found, within=20)
    assert found.tolist() == [22]
    assert float(served.within[0]) == pytest.approx(0.816, abs=5e-4)
    assert float(served.abandoned[0]) == pytest.approx(0.064, abs=5e-3)


@pytest.mark.parametrize(
    ("load", "agents", "patience"),
    [(20, 22, 120), (48, 50, 120), (300, 10, 1), (0.3, 10, 1e4), (9900, 10_000, 120), (12_000, 10_000, 60)],
)
def test_erlang_a_is_its_birth_and_death_process(load: float, agents: int, patience: float) -> None:
    offered = Offered.of(load / 300, 300, patience)
    served = erlang_a(offered, agents, within=20)
    delayed, abandoned = birth_and_death(offered, agents)
    assert float(served.delayed[0]) == pytest.approx(delayed, rel=1e-9)
    assert float(served.abandoned[0]) == pytest.approx(abandoned, abs=1e-11)


def test_endless_patience_leads_to_erlang_c_and_none_to_erlang_b() -> None:
    offered = Offered.of(20 / 300, 300, 1e9)
    served, endless = erlang_a(offered, 22, within=20), erlang_c(offered, 22, within=20)
    assert float(served.delayed[0]) == pytest.approx(float(endless.delayed[0]), abs=1e-5)
    assert float(served.within[0]) == pytest.approx(float(endless.within[0]), abs=1e-5)
    at_once = erlang_a(Offered.of(20 / 300, 300, 1e-6), 22, within=20)
    assert float(at_once.abandoned[0]) == pytest.approx(float(erlang_b(20, 22)), abs=1e-6)


def assert_played(played: Played, offered: Offered, agents: int, calls: int) -> None:
    """The formulas lie within what chance makes of a played queue (waits in a row are alike, hence the factor)."""
    served = (
        erlang_a(offered, agents, within=20)
        if np.isfinite(offered.patience[0])
        else erlang_c(offered, agents, within=20)
    )
    reach = 12 / np.sqrt(calls)
    assert played.delayed == pytest.approx(float(served.delayed[0]), abs=reach)
    assert played.within == pytest.approx(float(served.within[0]), abs=reach)
    assert played.abandoned == pytest.approx(float(served.abandoned[0]), abs=reach / 2)
    assert played.abandoned_within == pytest.approx(float(served.abandoned_within[0]), abs=reach / 2)
    assert played.wait == pytest.approx(float(served.wait[0]), rel=20 * reach)


def test_a_played_queue_serves_as_the_formulas_say() -> None:
    played = play(1 / 15, 300, 120, 22, within=20, calls=60_000, seed=3)
    assert_played(played, Offered.of(1 / 15, 300, 120), 22, 60_000)


@pytest.mark.long
@pytest.mark.parametrize("agents", [10, 18, 22, 25])
@pytest.mark.parametrize("patience", [20.0, 120.0, 900.0, np.inf])
def test_played_queues_of_every_patience_serve_as_the_formulas_say(agents: int, patience: float) -> None:
    if np.isinf(patience) and agents < 22:
        return
    calls = 1_500_000
    played = play(1 / 15, 300, patience, agents, within=20, calls=calls, seed=agents)
    assert_played(played, Offered.of(1 / 15, 300, patience), agents, calls)


@given(
    st.floats(0.01, 500),
    st.floats(0.05, 0.99),
    st.floats(0, 300),
    st.booleans(),
    st.sampled_from(Level),
    st.floats(0.3, 1),
)
def test_the_fewest_agents_are_enough_and_one_fewer_is_not(
    load: float, target: float, within: float, gives_up: bool, level: Level, busy: float
) -> None:
    offered = Offered.of(load / 200, 200, 90)
    found = fewest_agents(
        offered, target=target, within=within, level=level, most_occupancy=busy, gives_up=gives_up
    )
    served_by = erlang_a if gives_up else erlang_c
    served = served_by(offered, found, within=within)
    assert float(served.level(level)[0]) >= target - 1e-9
    assert float(served.occupancy[0]) <= busy + 1e-9
    if found[0] > 1:
        fewer = served_by(offered, found - 1, within=within)
        met = fewer.level(level)[0] >= target + 1e-9 and fewer.occupancy[0] <= busy - 1e-9
        assert not met


@given(st.floats(0.1, 200), st.integers(1, 200), st.floats(1, 1000), st.floats(0, 200))
def test_the_shares_of_erlang_a_add_up(load: float, agents: int, patience: float, within: float) -> None:
    served = erlang_a(Offered.of(load / 100, 100, patience), agents, within=within)
    for share in (served.delayed, served.within, served.abandoned, served.abandoned_within, served.occupancy):
        assert -1e-9 <= float(share[0]) <= 1 + 1e-9
    assert float((served.within + served.abandoned)[0]) <= 1 + 1e-9
    assert float(served.abandoned_within[0]) <= float(served.abandoned[0]) + 1e-9
    answered, patient = float(served.level(Level.ANSWERED)[0]), float(served.level(Level.PATIENT)[0])
    assert float(served.within[0]) <= patient + 1e-9 <= answered + 2e-9 or np.isnan(answered)


def test_intervals_do_not_touch_each_other() -> None:
    calls = np.array([0.0, 3, 120, 4000])
    together = fewest_agents(Offered.of(calls / 1800, 300, 60), target=0.8, within=20, gives_up=True)
    alone = [
        float(fewest_agents(Offered.of(one / 1800, 300, 60), target=0.8, within=20, gives_up=True)[0])
        for one in calls
    ]
    assert together.tolist() == alone
    assert alone[0] == 0


def test_what_cannot_be_is_refused() -> None:
    offered = Offered.of(1, 100)
    for target, within, busy in ((1.0, 20.0, 1.0), (0.8, -1.0, 1.0), (0.8, 20.0, 0.0)):
        with pytest.raises(InvalidInput):
            fewest_agents(offered, target=target, within=within, most_occupancy=busy)
    with pytest.raises(InvalidInput, match="Erlang C"):
        erlang_a(offered, 10, within=20)
    with pytest.raises(InvalidInput, match="million"):
        fewest_agents(Offered.of(1e6, 100), target=0.8, within=20)
    for wrong in ((-1, 100, 60), (np.nan, 100, 60), (1, 0, 60), (1, np.inf, 60), (1, 100, 0)):
        with pytest.raises(InvalidInput):
            Offered.of(*wrong)
