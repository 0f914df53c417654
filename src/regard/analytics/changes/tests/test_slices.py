"""Slices: the planted one is found, noise is not, and a search by hand looks at the same ones."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from regard.analytics.changes.given import Answers, Dimension
from regard.analytics.changes.mix_and_rate import change
from regard.analytics.changes.pulls import Pulls, blocks, pulls
from regard.analytics.changes.searched import Condition, candidates
from regard.analytics.changes.slices import Found, find_slices
from regard.kernel.errors import InvalidInput

Made = tuple[Answers, list[Dimension]]
GROUPS = 5


def made(seed: int, n: int, *, effect: float = 0.0, repeated: int = 1, skewed: bool = False) -> Made:
    """Scores in which the first dimension matters and the whole rose; `effect` goes to groups 2 and 3 of two dimensions."""
    random = np.random.default_rng(seed)
    customers = n // repeated
    after = random.random(customers) < 0.5
    chances = [random.dirichlet(np.full(GROUPS, 10.0)) for _ in range(4)]
    codes = [random.choice(GROUPS, size=customers, p=one) for one in chances]
    own = (
        np.exp(random.normal(size=customers))
        if skewed
        else random.choice([100.0, 0.0, -100.0], customers, p=[0.5, 0.3, 0.2])
    )
    own = own + 5.0 * after + np.where(codes[0] == 1, -1.0 if skewed else -30.0, 0.0)
    own += np.where(after & (codes[0] == 2) & (codes[1] == 3), effect, 0.0)
    scores = np.repeat(own, repeated) + random.normal(scale=5.0, size=customers * repeated)
    whose = np.repeat(np.arange(customers), repeated) if repeated > 1 else None
    dimensions = [
        Dimension(
            f"d{place}", np.repeat(one, repeated).astype(np.int64), [str(group) for group in range(GROUPS)]
        )
        for place, one in enumerate(codes)
    ]
    return Answers(scores, np.repeat(after, repeated), whose), dimensions


def all_pulls(answers: Answers, dimensions: list[Dimension], least: int) -> Pulls:
    return pulls(blocks(answers, 2), candidates(dimensions, 3, least))


def test_every_slice_is_looked_at_and_measured_as_by_hand() -> None:
    answers, dimensions = made(1, 600)
    found = all_pulls(answers, dimensions, 30)
    whole, by_hand = change(answers)[2].value, {}
    for size in (1, 2, 3):
        for some in combinations(range(4), size):
            for groups in product(range(GROUPS), repeat=size):
                inside = np.all([dimensions[d].codes == g for d, g in zip(some, groups, strict=True)], axis=0)
                if 30 <= inside.sum() <= 570:
                    conditions = tuple(Condition(d, g) for d, g in zip(some, groups, strict=True))
                    by_hand[conditions] = whole - change(answers.at(~inside))[2].value
    assert set(found.conditions) == set(by_hand)
    np.testing.assert_allclose(found.value, [by_hand[one] for one in found.conditions], atol=1e-9)


def test_the_standard_error_is_that_of_drawing_anew() -> None:
    answers, dimensions = made(2, 2000)
    found = all_pulls(answers, dimensions, 100)
    random, drawn = np.random.default_rng(1), []
    for _ in range(100):
        some = random.integers(0, 2000, 2000)
        again = [Dimension(one.name, one.codes[some], one.groups) for one in dimensions]
        values = all_pulls(answers.at(some), again, 40)
        by_name = dict(zip(values.conditions, values.value, strict=True))
        drawn.append([by_name.get(one, np.nan) for one in found.conditions])
    ratio = found.se / np.nanstd(drawn, axis=0)
    assert np.median(ratio) == pytest.approx(1.0, abs=0.1)
    assert ratio.min() > 0.7


def conditions(found: Found) -> list[set[tuple[int, int]]]:
    return [{(one.dimension, one.code) for one in some.conditions} for some in found.slices]


def test_a_planted_slice_is_found_with_its_size() -> None:
    answers, dimensions = made(4, 4000, effect=-60.0)
    found = find_slices(answers, dimensions)
    assert conditions(found) == [{(0, 2), (1, 3)}]
    (one,) = found.slices
    assert one.low < -60 * one.share[1] < one.high
    assert one.explained + change(answers.at(found.rest))[2].value == pytest.approx(change(answers)[2].value)


def test_of_two_alike_halves_the_one_that_moved_is_named() -> None:
    random = np.random.default_rng(5)
    group, after = random.integers(0, 2, 2000), random.random(2000) < 0.5
    answers = Answers(random.normal(size=2000) - 1.0 * (after & (group == 1)), after)
    found = find_slices(answers, [Dimension("half", group, ["a", "b"])])
    assert conditions(found) == [{(0, 1)}]


def test_two_slices_are_taken_out_one_after_the_other() -> None:
    random = np.random.default_rng(6)
    codes = [random.integers(0, 4, 6000) for _ in range(3)]
    after = random.random(6000) < 0.5
    scores = random.normal(size=6000)
    scores += after * (1.5 * ((codes[0] == 1) & (codes[1] == 1)) - 1.0 * ((codes[0] == 3) & (codes[2] == 0)))
    found = find_slices(
        Answers(scores, after), [Dimension(f"d{i}", one, list("abcd")) for i, one in enumerate(codes)]
    )
    assert {(0, 1), (1, 1)} in conditions(found)
    assert {(0, 3), (2, 0)} in conditions(found)
    assert len(found.slices) == 2


def test_all_falling_alike_is_no_slice() -> None:
    answers, dimensions = made(7, 2000)
    fallen = Answers(answers.scores - 50.0 * answers.is_after, answers.is_after)
    assert find_slices(fallen, dimensions).slices == find_slices(answers, dimensions).slices == ()


def test_more_conditions_than_three_are_refused() -> None:
    with pytest.raises(InvalidInput, match="1 to 3 conditions"):
        find_slices(*made(8, 200), most_conditions=4)


def false_alarms(runs: int, n: int, repeated: int = 1, *, skewed: bool = False) -> float:
    worlds = (made(1000 + seed, n, repeated=repeated, skewed=skewed) for seed in range(runs))
    return float(np.mean([bool(find_slices(*world, draws=500).slices) for world in worlds]))


def test_noise_seldom_yields_a_slice_in_a_few_runs() -> None:
    assert false_alarms(15, 600) <= 0.2


@pytest.mark.long
@pytest.mark.parametrize(
    ("n", "repeated", "skewed"), [(300, 1, False), (2000, 1, False), (3000, 3, False), (2000, 1, True)]
)
def test_noise_yields_a_slice_in_at_most_one_of_twenty_runs(n: int, repeated: int, skewed: bool) -> None:
    # 400 runs scatter by a percentage point.
    assert false_alarms(400, n, repeated, skewed=skewed) <= 0.05 + 0.022
