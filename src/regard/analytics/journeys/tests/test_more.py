"""Sub-paths, contacts and what comes next: small logs counted by hand, and planted truths found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import fisher_exact

from regard.analytics.journeys.ahead import ahead
from regard.analytics.journeys.contacts import contacts
from regard.analytics.journeys.log import EventLog, event_log
from regard.analytics.journeys.subpaths import sub_paths
from regard.kernel.errors import InvalidInput, NotEnoughData


def made(n: int, seed: int, length: int = 6) -> EventLog:
    """Cases of activities by lot."""
    random = np.random.default_rng(seed)
    cases, at = np.repeat(np.arange(n), length), np.tile(np.arange(length), n)
    return event_log(cases, random.choice(list("abcde"), n * length), at * 60)


def has(log: EventLog, path: str) -> np.ndarray:
    return np.array([path in "".join(log.path(case)) for case in range(log.n_cases)])


def test_a_planted_stretch_is_found_with_its_lift() -> None:
    log = made(1500, 1)
    there = has(log, "ab")
    outcome = np.random.default_rng(2).random(1500) < np.where(there, 0.5, 0.2)
    found = sub_paths(log, outcome)
    assert found.paths[0] == ("a", "b")
    assert found.p[0] < 1e-9
    assert found.n[0] == there.sum()
    assert found.outcome.value[0] == pytest.approx(outcome[there].mean())
    assert found.lift[0] == pytest.approx(outcome[there].mean() / outcome.mean())


def test_counts_and_p_are_those_of_a_table_of_four_fields() -> None:
    log = made(60, 5)
    outcome = np.random.default_rng(3).random(60) < 0.4
    found = sub_paths(log, outcome, longest=2)
    for place in range(0, len(found.paths), 5):
        there = has(log, "".join(found.paths[place]))
        assert found.n[place] == there.sum()
        table = [
            [(outcome & there).sum(), (outcome & ~there).sum()],
            [(~outcome & there).sum(), (~outcome & ~there).sum()],
        ]
        sides = [fisher_exact(table, side).pvalue for side in ("less", "greater")]
        assert found.p[place] >= min(2 * min(sides), 1) - 1e-9


def test_noise_flags_stretches_as_rarely_as_it_says() -> None:
    """Benjamini and Hochberg hold the chance of any false alarm at 5% where nothing goes with the outcome."""
    flagged = 0
    for seed in range(60):
        log = made(200, seed)
        found = sub_paths(log, np.random.default_rng(seed).random(200) < 0.3)
        flagged += bool((found.p <= 0.05).any())
    assert flagged <= 7


def test_only_what_came_before_the_outcome_counts() -> None:
    log = event_log(
        [case for case in range(40) for _ in range(3)], list("abx" * 20 + "acb" * 20), list(range(3)) * 40
    )
    outcome = np.arange(40) < 20
    before = np.where(outcome, 2, 3)
    assert ("x",) not in sub_paths(log, outcome, before=before).paths
    assert ("x",) in sub_paths(log, outcome).paths


def test_an_outcome_that_all_or_none_have_is_refused() -> None:
    log = made(30, 1)
    for outcome in (np.ones(30, dtype=bool), np.zeros(30, dtype=bool)):
        with pytest.raises(NotEnoughData, match="of the cases have the outcome"):
            sub_paths(log, outcome)
    with pytest.raises(InvalidInput):
        sub_paths(log, np.arange(30) < 5, longest=9)


def test_hops_and_repeats_are_counted_by_hand() -> None:
    channels = np.array(["phone", None, "email", "phone", "phone", "chat"], dtype=object)
    log = event_log([1, 1, 1, 1, 2, 3], list("cscccc"), [0, 5, 10, 1000, 0, 0])
    found = contacts(log, channels[log.rows], again=100)
    assert (found.n, found.n_cases, found.n_hops) == (5, 3, 2)
    assert found.channels[0] == "phone"
    assert found.hopping.value == pytest.approx(1 / 3)
    assert found.repeated.value == pytest.approx(1 / 5)
    email = found.channels.index("email")
    assert (found.hops[0, email], found.seconds[0, email]) == (1, 10)
    assert (found.hops[email, 0], found.seconds[email, 0]) == (1, 990)
    assert contacts(log, channels[log.rows], again=2000).repeated.value == pytest.approx(2 / 5)
    with pytest.raises(NotEnoughData, match="No event is a contact"):
        contacts(log, np.full(6, None, dtype=object))


def test_what_comes_next_is_foretold_from_the_last_steps() -> None:
    """After a and b comes c, but after d and b comes e: one step back tells nothing, two tell all."""
    random = np.random.default_rng(9)
    paths = random.choice(["abc", "dbe"], 400)
    rows = [
        (case, name, case * 1000 + 100 * at)
        for case, path in enumerate(paths)
        for at, name in enumerate(path)
    ]
    log = event_log(*zip(*rows, strict=True))
    found = ahead(log)
    names = (*log.names, "end")
    assert {(log.names[a], names[b]) for a, b in zip(*np.nonzero(found.table), strict=True)} == {
        ("a", "b"), ("d", "b"), ("b", "c"), ("b", "e"), ("c", "end"), ("e", "end"),
    }  # fmt: skip
    assert found.hit.value == 1
    assert found.always < 0.5
    assert found.error == 0
    assert found.plain > 0
    assert found.remaining[log.names.index("a")].tolist() == [200, 200, 200]
    at_b = [place for place in range(log.n_events) if log.names[log.activities[place]] == "b"]
    for place in at_b:
        first = log.names[log.activities[place - 1]]
        assert names[found.next_[place]] == {"a": "c", "d": "e"}[first]


def test_the_time_left_lies_in_its_band_as_often_as_it_says() -> None:
    random = np.random.default_rng(4)
    n = 3000
    gaps = random.exponential(100, (n, 4))
    times = np.cumsum(np.c_[np.arange(n) * 10.0, gaps], axis=1)
    log = event_log(np.repeat(np.arange(n), 5), np.tile(list("abcde"), n), times.ravel())
    found = ahead(log)
    # At the last step nothing is left, which is foretold exactly; of the others 80% lie in the band.
    assert found.covered == pytest.approx((4 * 0.8 + 1) / 5, abs=0.02)
    assert found.error < found.plain


def test_only_finished_cases_are_learnt_from() -> None:
    log = event_log(np.repeat(np.arange(30), 2), ["a", "b"] * 20 + ["a", "c"] * 10, [0, 1] * 30)
    found = ahead(log, np.arange(30) < 20)
    assert found.n_finished == 20
    assert found.table[:, log.names.index("c")].sum() == 0
    with pytest.raises(NotEnoughData, match="Only 3 cases are finished"):
        ahead(log, np.arange(30) < 3)
