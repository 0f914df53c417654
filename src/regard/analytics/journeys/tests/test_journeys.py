"""The graph and the ways against the literature's example, pm4py's figures for it, and plain loops over made logs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise, product
from statistics import mean, median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.analytics.journeys import compiled
from regard.analytics.journeys.follows import directly_follows
from regard.analytics.journeys.log import EventLog, event_log, gathered, without
from regard.analytics.journeys.rework import rework
from regard.analytics.journeys.tests.running_example import events
from regard.analytics.journeys.variants import variants
from regard.kernel.errors import InvalidInput, NotEnoughData

# What pm4py 2.7.23.11 gives (discover_performance_dfg, in an environment of its own; it is not installed here):
# how often, median and mean seconds.
PM4PY = {
    ("check ticket", "decide"): (6, 129300.0, 181960.0),
    ("check ticket", "examine casually"): (2, 92430.0, 92430.0),
    ("check ticket", "examine thoroughly"): (1, 95820.0, 95820.0),
    ("decide", "pay compensation"): (3, 521400.0, 514160.0),
    ("decide", "reinitiate request"): (3, 91800.0, 66400.0),
    ("decide", "reject request"): (3, 97560.0, 154240.0),
    ("examine casually", "check ticket"): (4, 48120.0, 47970.0),
    ("examine casually", "decide"): (2, 375420.0, 375420.0),
    ("examine thoroughly", "check ticket"): (2, 309090.0, 309090.0),
    ("examine thoroughly", "decide"): (1, 76740.0, 76740.0),
    ("register request", "check ticket"): (2, 39120.0, 39120.0),
    ("register request", "examine casually"): (3, 3840.0, 32240.0),
    ("register request", "examine thoroughly"): (1, 83040.0, 83040.0),
    ("reinitiate request", "check ticket"): (1, 252900.0, 252900.0),
    ("reinitiate request", "examine casually"): (1, 73080.0, 73080.0),
    ("reinitiate request", "examine thoroughly"): (1, 2880.0, 2880.0),
}
Rows = list[tuple[int, str, int]]


def running_example() -> EventLog:
    cases, names, times, _ = zip(*events(), strict=True)
    moments = np.array([one.removesuffix("+01:00") for one in times], dtype="datetime64[us]")
    return event_log(cases, names, moments)


def edges(log: EventLog) -> dict[tuple[str, str], tuple[int, float, float]]:
    found = directly_follows(log)
    return {
        (log.names[a], log.names[b]): (int(n), float(middle), float(average))
        for a, b, n, middle, average in zip(
            found.before, found.after, found.n, found.median, found.mean, strict=True
        )
    }


def by_hand(rows: Rows) -> dict[int, list[tuple[str, int]]]:
    """The cases as plain lists, sorted by time; sorting in Python keeps equal times as they came."""
    cases: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for case, name, time in rows:
        cases[case].append((name, time))
    return {case: sorted(found, key=lambda one: one[1]) for case, found in cases.items()}


def letters(found: np.ndarray) -> list[str | None]:
    """Activities by their numbers; 9 stands for none."""
    return [None if one == 9 else "abcde"[one] for one in found]


def check(rows: Rows) -> None:
    log = event_log(*zip(*rows, strict=True))
    cases = by_hand(rows)
    waits: dict[tuple[str, str], list[int]] = defaultdict(list)
    for found in cases.values():
        for (one, at), (other, then) in pairwise(found):
            waits[one, other].append(then - at)
    assert edges(log) == {
        pair: (len(all_), pytest.approx(median(all_)), pytest.approx(mean(all_)))
        for pair, all_ in waits.items()
    }
    ways = variants(log)
    assert Counter({log.path(case): int(n) for case, n in zip(ways.example, ways.n, strict=True)}) == Counter(
        tuple(name for name, _ in found) for found in cases.values()
    )
    assert [log.path(case) for case in range(log.n_cases)] == [
        log.path(ways.example[one]) for one in ways.of_case
    ]
    assert int(rework(log).repeats.sum()) == sum(
        len(found) - len({name for name, _ in found}) for found in cases.values()
    )


def test_the_running_example_has_its_known_facts() -> None:
    log = running_example()
    follows = directly_follows(log)
    assert (log.n_events, log.n_cases, len(variants(log)), len(follows)) == (42, 6, 6, 16)
    assert dict(zip(log.names, follows.start.tolist(), strict=True))["register request"] == 6
    ends = dict(zip(log.names, follows.end.tolist(), strict=True))
    assert (ends["pay compensation"], ends["reject request"], sum(ends.values())) == (3, 3, 6)


def test_edges_have_the_counts_and_times_that_pm4py_gives() -> None:
    assert edges(running_example()) == PM4PY


@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from("abc"), st.integers(0, 6)), min_size=1, max_size=40)
)
def test_any_log_gives_what_plain_loops_give(rows: Rows) -> None:
    check(rows)


def test_cases_of_any_length_and_order_give_what_plain_loops_give() -> None:
    random = np.random.default_rng(3)
    n = 4000
    cases = np.where(random.random(n) < 0.1, 0, random.integers(1, 900, n))  # one case of some 400 events
    rows = [
        (int(case), "abcdefg"[code], int(time))
        for case, code, time in zip(cases, random.integers(0, 7, n), random.integers(0, 500, n), strict=True)
    ]
    check(rows)
    check(sorted(rows, key=lambda row: row[2]))
    check(sorted(rows))


def test_times_of_many_pairs_give_what_plain_loops_give() -> None:
    random = np.random.default_rng(4)
    n = 70_000
    times = np.where(random.random(n) < 0.5, random.integers(0, 10**6, n), random.integers(0, 9, n) * 86_400)
    columns = (random.integers(0, 9000, n), random.choice(list("aaaaaaabcd"), n), times)
    check(list(zip(*(one.tolist() for one in columns), strict=True)))


def test_no_two_paths_are_taken_for_one() -> None:
    paths = [path for length in range(1, 7) for path in product(range(5), repeat=length)]
    starts = np.r_[0, np.cumsum([len(path) for path in paths])]
    codes = np.array([code for path in paths for code in path], dtype=np.uint16)
    order = np.zeros(len(codes), np.int64)
    log = EventLog(starts, codes, order, tuple("abcde"), starts[:-1].astype(np.uint64), order[:0])
    assert len(variants(log)) == len(paths)
    assert len(np.unique(variants(log).of_case)) == len(paths)


@pytest.mark.parametrize("n", [80_000, 80_001])
@pytest.mark.parametrize("kind", ["any", "equal", "rising", "with a sample that misleads"])
def test_the_median_of_many_times_is_the_middle_one(kind: str, n: int) -> None:
    waits = np.random.default_rng(3).integers(1000, 10**9, n)
    if kind == "equal":
        waits[:] = 7
    elif kind == "rising":
        waits.sort()
    elif kind != "any":
        waits[::64] = np.arange(len(waits[::64]))
    when = np.r_[0, np.cumsum(waits)].astype("datetime64[us]")
    found = directly_follows(event_log(np.ones(n + 1), ["a"] * (n + 1), when))
    assert found.n.tolist() == [n]
    assert found.median[0] == median(waits.tolist()) / 1e6


def test_equal_times_stand_as_they_came() -> None:
    log = event_log([1] * 4, ["c", "a", "b", "a"], [5, 5, 5, 1])
    assert log.path(0) == ("a", "c", "a", "b")
    assert log.rows.tolist() == [3, 0, 1, 2]


def test_batches_give_the_log_that_the_whole_gives() -> None:
    random = np.random.default_rng(8)
    keys = random.integers(0, 1 << 62, 300).astype(np.uint64)[random.integers(0, 300, 5000)]
    codes, times = random.integers(0, 5, 5000).astype(np.uint64), random.integers(0, 50, 5000)

    def cut(size: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        for low in range(0, 5000, size):
            yield keys[low : low + size], codes[low : low + size], times[low : low + size]

    whole, pieces = (gathered(cut(size), 5000, letters) for size in (5000, 333))
    np.testing.assert_array_equal(whole.activities, pieces.activities)
    np.testing.assert_array_equal(whole.times, pieces.times)
    np.testing.assert_array_equal(whole.keys, pieces.keys)


def test_a_case_that_comes_back_later_is_still_one_case() -> None:
    """The first batch has its cases together, the second one has some of them again."""
    keys = np.repeat(np.arange(20), 5).astype(np.uint64)
    codes, times = np.tile(np.arange(5), 20).astype(np.uint64), np.arange(100)
    batches = [(keys, codes, times), (keys[:50], codes[:50], times[:50] + 1000)]
    log = gathered(batches, 150, letters, keep_rows=True)
    assert log.n_cases == 20
    lengths = dict(zip(log.keys.tolist(), np.diff(log.starts).tolist(), strict=True))
    assert lengths == {case: 10 if case < 10 else 5 for case in range(20)}
    given = np.concatenate([batch[2] for batch in batches])
    np.testing.assert_array_equal(log.times, given[log.rows])
    again = event_log(*(np.concatenate([batch[place] for batch in batches]) for place in (0, 1, 2)))
    assert again.n_events == log.n_events


@pytest.mark.parametrize("together", [True, False])
def test_events_without_a_name_are_left_out(together: bool) -> None:
    keys = np.repeat([7, 8, 9], 2) if together else np.tile([7, 8, 9], 2)
    what = np.array([9, 1, 9, 9, 0, 9]) if together else np.array([9, 9, 0, 1, 9, 9])
    log = gathered(
        [(keys.astype(np.uint64), what.astype(np.uint64), np.arange(6))], 6, letters, keep_rows=True
    )
    assert dict(zip(log.keys.tolist(), map(log.path, range(log.n_cases)), strict=True)) == {
        7: ("b",),
        9: ("a",),
    }
    np.testing.assert_array_equal(log.times, log.rows)
    with pytest.raises(NotEnoughData):
        gathered([(keys.astype(np.uint64), np.full(6, 9, np.uint64), np.arange(6))], 6, letters)


def test_a_log_that_grows_while_it_is_read_gives_the_events_that_were_counted() -> None:
    n = 60_000
    keys, what, times = np.arange(n, dtype=np.uint64) % 7, np.zeros(n, np.uint64), np.arange(n)
    none = (keys[:0], what[:0], times[:0])
    log = gathered([none, (keys, what, times), (keys, what, times)], n + 5, letters)
    assert log.n_events == n + 5
    with pytest.raises(NotEnoughData):
        event_log([], [], [])


def test_most_cases_may_go_the_same_way() -> None:
    n = 60_000
    codes = np.where(np.arange(n) % 10, 0, np.arange(n) % 5)
    found = variants(event_log(np.arange(n), codes, np.zeros(n)))
    assert found.n.tolist() == np.sort(np.bincount(codes)[np.bincount(codes) > 0])[::-1].tolist()


def test_so_many_activities_that_they_are_none_are_refused() -> None:
    n = 70_000
    with pytest.raises(InvalidInput, match="65,535 different activities"):
        event_log(np.arange(n) % 9, np.arange(n), np.arange(n))


def test_many_activities_are_counted_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    log = running_example()
    usual = edges(log)
    monkeypatch.setattr("regard.analytics.journeys.follows.SQUARE", 2)
    assert edges(log) == usual


def test_cases_can_be_left_out() -> None:
    log = event_log([1, 2, 1, 3], list("abab"), [0, 0, 1, 0])
    kept = without(log, np.array([False, True, False]))
    assert [kept.path(case) for case in range(kept.n_cases)] == [("a", "a"), ("b",)]
    assert kept.rows.tolist() == [0, 2, 3]
    with pytest.raises(NotEnoughData):
        without(log, np.ones(3, dtype=bool))


@pytest.mark.long
def test_compiled_loops_give_what_interpreted_ones_give(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(5)
    given = (
        random.integers(0, 700, 9000),
        random.choice(list("abcdef"), 9000),
        random.integers(0, 300, 9000),
    )
    found = []
    for worth in (0, 1 << 60):
        monkeypatch.setattr(compiled, "WORTH_COMPILING", worth)
        log = event_log(*given)
        ways, again = variants(log), rework(log)
        found.append((log.rows, edges(log), ways.n, ways.of_case, again.repeats, again.seconds))
    for one, other in zip(*found, strict=True):
        np.testing.assert_equal(one, other)


@pytest.mark.long
def test_loops_are_compiled_also_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    usual = numba.njit

    def refusing(function: Callable[..., object], *, cache: bool = False) -> object:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return usual(function)

    monkeypatch.setattr(numba, "njit", refusing)

    def double(value: int) -> int:
        return 2 * value

    assert compiled.loop(double, compiled.WORTH_COMPILING)(21) == 42
