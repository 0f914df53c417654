"""Several skills, played, against the formulas of one and against what must hold of more."""

from __future__ import annotations

import math

import numpy as np
import pytest

from regard.analytics.journeys.compiled import WORTH_COMPILING
from regard.analytics.queues.erlang_a import erlang_a
from regard.analytics.queues.erlang_c import erlang_c
from regard.analytics.queues.fewest_by_skill import fewest
from regard.analytics.queues.offered import Level, Offered
from regard.analytics.queues.played import play
from regard.analytics.queues.skills import Group, Skill, draw, interval, overloaded, simulate
from regard.kernel.errors import InvalidInput, NotEnoughData


def skill(name: str, calls: float, handling: float = 180.0, patience: float = math.inf) -> Skill:
    return Skill(name, calls / 1800, handling, patience, 0.8, 20.0)


def ignore(step: int) -> None:
    """Nobody looks on."""


@pytest.mark.parametrize("patience", [math.inf, 90.0])
def test_one_skill_is_erlangs(patience: float) -> None:
    skills = [skill("calls", 100, patience=patience)]
    found = simulate(
        skills, [Group("all", 13, (0,))], draw(skills, seed=1, runs=8, calls=1_200), Level.OFFERED
    )
    formula = erlang_c if math.isinf(patience) else erlang_a
    truth = formula(Offered.of(100 / 1800, 180, patience), 13, within=20)
    for played, exact in (
        (found.level, truth.within),
        (found.delayed, truth.delayed),
        (found.wait, truth.wait),
    ):
        mean, low, high = interval(played[:, 0], 0.999)
        assert low <= exact[0] <= high, mean
    assert found.busy.mean() == pytest.approx(truth.occupancy[0], abs=0.03)
    assert found.abandoned.mean() == pytest.approx(truth.abandoned[0], abs=0.015)


@pytest.mark.long
@pytest.mark.parametrize("patience", [math.inf, 120.0])
def test_intervals_of_many_runs_hold_the_formula(patience: float) -> None:
    skills = [skill("calls", 200, patience=patience)]
    drawn = draw(skills, seed=2, runs=20, calls=20_000)
    found = simulate(skills, [Group("all", 24, (0,))], drawn, Level.OFFERED)
    formula = erlang_c if math.isinf(patience) else erlang_a
    truth = formula(Offered.of(200 / 1800, 180, patience), 24, within=20).within[0]
    mean, low, high = interval(found.level[:, 0], 0.99)
    assert low <= truth <= high
    assert mean == pytest.approx(truth, abs=0.01)


@pytest.mark.long
def test_compiled_calls_are_played_the_same() -> None:
    skills = [skill("a", 60), skill("b", 40, patience=60.0)]
    groups = [Group("a", 6, (0,)), Group("both", 5, (0, 1))]
    few = draw(skills, seed=3, runs=2, calls=2_000)
    many = few + draw(skills, seed=4, runs=2, calls=WORTH_COMPILING)
    slow, quick = (simulate(skills, groups, one, Level.OFFERED) for one in (few, many))
    np.testing.assert_allclose(slow.level, quick.level[:2])
    np.testing.assert_allclose(slow.busy, quick.busy[:2])


def test_who_waited_longest_is_next_and_who_lost_patience_is_gone() -> None:
    comes, takes = np.array([0.0, 1.0, 2.0, 3.0]), np.array([10.0, 5.0, 5.0, 5.0])
    kinds, stays = np.array([0, 1, 0, 1]), np.array([np.inf, np.inf, 4.0, np.inf])
    waits, gone, busy = play(comes, kinds, takes, stays, np.array([0]), np.zeros((1, 2)), 0.0)
    assert waits.tolist() == [0, 9, 4, 12]
    assert gone.tolist() == [False, False, True, False]
    assert busy.tolist() == [3.0]  # until the last one came


def test_specialists_are_asked_first() -> None:
    skills = [skill("a", 30)]
    groups = [Group("all", 5, (0,)), Group("few", 5, (0,))]
    busy = simulate(skills, groups, draw(skills, seed=5, runs=3, calls=400), Level.OFFERED).busy.mean(axis=0)
    assert busy[0] > 1.5 * busy[1]


def test_agents_who_know_both_serve_better_than_as_many_apart() -> None:
    skills = [skill("a", 50), skill("b", 50)]
    drawn = draw(skills, seed=6, runs=4, calls=1_500)
    apart = simulate(skills, [Group("a", 7, (0,)), Group("b", 7, (1,))], drawn, Level.OFFERED)
    both = simulate(skills, [Group("all", 14, (0, 1))], drawn, Level.OFFERED)
    assert both.level.mean() > apart.level.mean() + 0.03
    again = simulate(
        skills, [Group("all", 14, (0, 1))], draw(skills, seed=6, runs=4, calls=1_500), Level.OFFERED
    )
    np.testing.assert_array_equal(both.level, again.level)


def test_the_agents_found_meet_every_target() -> None:
    skills = [skill("a", 40), skill("b", 25, patience=120.0)]
    groups = [Group("a", 0, (0,)), Group("both", 2, (0, 1))]
    drawn = draw(skills, seed=7, runs=3, calls=600)
    found = fewest(skills, groups, [True, True], drawn, Level.OFFERED, ignore)
    level = simulate(skills, found, drawn, Level.OFFERED).level.mean(axis=0)
    assert (level >= 0.8).all()
    assert 7 <= sum(one.agents for one in found) <= 12


def test_what_cannot_be_served_is_refused() -> None:
    skills = [skill("a", 50), skill("b", 50)]
    drawn = draw(skills, seed=8, runs=2, calls=100)
    with pytest.raises(InvalidInput, match="Nobody knows the skill 'b'"):
        simulate(skills, [Group("a", 9, (0,))], drawn, Level.OFFERED)
    with pytest.raises(InvalidInput, match="More comes of b"):
        simulate(skills, [Group("a", 9, (0,)), Group("b", 5, (1,))], drawn, Level.OFFERED)
    assert overloaded(skills, [Group("all", 10, (0, 1))]) == (0, 1)
    with pytest.raises(NotEnoughData, match="No calls"):
        draw([skill("a", 0)], seed=1, runs=2, calls=100)
