"""Funnels against a search through all ways to go, and planted differences between segments."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.analytics.journeys.funnel import funnel, funnel_by_segment
from regard.analytics.journeys.log import event_log
from regard.kernel.errors import InvalidInput, NotEnoughData


def furthest(events: list[tuple[str, int]], steps: str, limits: list[float], within: float) -> int:
    """How far a case gets: every choice of events is tried."""
    for n in range(len(steps), 0, -1):
        for chosen in itertools.combinations(events, n):
            times = [time for _, time in chosen]
            if (
                [name for name, _ in chosen] == list(steps[:n])
                and times[-1] - times[0] <= within
                and all(b - a <= limit for a, b, limit in zip(times, times[1:], limits[1:], strict=False))
            ):
                return n
    return 0


@given(
    st.lists(st.tuples(st.sampled_from("abcx"), st.integers(0, 12)), min_size=1, max_size=9),
    st.sampled_from(["abc", "aab", "ab", "aba"]),
    st.lists(st.sampled_from([1, 2, 4, 9, np.inf]), min_size=3, max_size=3),
    st.sampled_from([1, 3, 6, 15, np.inf]),
)
def test_a_case_gets_as_far_as_any_choice_of_its_events(
    events: list[tuple[str, int]], steps: str, limits: list[float], within: float
) -> None:
    events.sort(key=lambda one: one[1])
    spare = [("a", 0), ("b", 0), ("c", 0), ("x", 0)]
    rows = [(1, *one) for one in events] + [(2 + at, *one) for at, one in enumerate(spare)]
    log = event_log(*zip(*rows, strict=True))
    found = funnel(log, list(steps), limits=limits[: len(steps)], within=within)
    assert found.reached[0] == furthest(events, steps, limits, within)


def test_shares_and_times_are_of_those_who_got_there() -> None:
    cases = [1, 1, 1, 2, 2, 3, 4]
    log = event_log(
        cases, ["visit", "cart", "pay", "visit", "cart", "visit", "cart"], [0, 60, 90, 0, 20, 0, 5]
    )
    found = funnel(log, ["visit", "cart", "pay"])
    assert found.n.tolist() == [3, 2, 1]
    assert found.of_before.value.tolist() == [1, pytest.approx(2 / 3), 0.5]
    np.testing.assert_array_equal(found.seconds, [np.nan, 40, 30])
    assert funnel(log, ["visit", "cart", "pay"], limits=[0, 30, 30]).n.tolist() == [3, 1, 0]
    assert funnel(log, ["visit", "cart", "pay"], within=80).n.tolist() == [3, 2, 0]


def test_a_segment_that_stops_more_often_is_told_from_the_others() -> None:
    random = np.random.default_rng(6)
    segments = random.choice(["web", "store", "app"], 3000)
    chance = np.where(segments == "app", 0.3, 0.5)
    reached = 1 + (random.random(3000) < chance)
    found = funnel_by_segment(reached, 2, [*segments.tolist()])
    by_name = dict(
        zip(found.names, zip(found.differences.value[:, 0], found.p[:, 0], strict=True), strict=True)
    )
    assert by_name["app"][0] == pytest.approx(-0.2, abs=0.05)
    assert by_name["app"][1] < 0.001


def test_what_is_no_funnel_is_refused() -> None:
    log = event_log([1, 1], ["visit", "pay"], [0, 1])
    for steps, reason in (
        (["visit"], "two steps"),
        (["visit", "fly"], "'fly' never happens. What happens: pay, visit"),
    ):
        with pytest.raises(InvalidInput, match=reason):
            funnel(log, steps)
    with pytest.raises(NotEnoughData, match="two segments"):
        funnel_by_segment(np.array([1, 2]), 2, ["web", None])
