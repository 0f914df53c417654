from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regard.apps.journal import recent, sorted_ids
from regard.apps.journal.recent import RecentIds
from regard.apps.journal.sorted_ids import Run, as_numbers

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def ids(*numbers: int) -> bytes:
    return b"".join(hashlib.md5(str(number).encode()).digest() for number in numbers)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 400), max_size=60), max_size=20), st.integers(1, 40), st.integers(1, 400)
)
def test_it_knows_exactly_what_was_added(batches: list[list[int]], limit: int, most: int) -> None:
    known = RecentIds()
    reference: set[int] = set()
    before = recent.FRESH_LIMIT, recent.MOST_IN_RUN
    recent.FRESH_LIMIT, recent.MOST_IN_RUN = limit, most
    try:
        for batch in batches:
            asked = [*batch, *range(380, 420)]
            mask = known.known(ids(*asked))
            assert mask.tolist() == [number in reference for number in asked]
            new = sorted(set(batch) - reference)
            known.add(ids(*new), at=NOW)
            reference |= set(new)
        assert len(known) == len(reference)
    finally:
        recent.FRESH_LIMIT, recent.MOST_IN_RUN = before


def test_ids_that_share_their_first_half_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorted_ids, "BLOCK", 2)
    numbers = np.array([[7, 1], [7, 2], [7, 3], [9, 1]], dtype=np.uint64)
    run = Run.of(numbers)
    asked = np.array([[7, 3], [7, 4], [9, 2], [9, 1], [8, 1], [7, 1], [7, 2]], dtype=np.uint64)
    assert run.known(asked).tolist() == [True, False, False, True, False, True, True]


def test_a_filter_lets_pass_all_that_is_there_and_little_else() -> None:
    chance = np.random.default_rng(7)
    inside, outside = chance.integers(0, 2**64, (2, 20_000), dtype=np.uint64)
    run = Run.of(np.column_stack([inside, inside]))
    assert len(run.filter.may_hold(inside)) == 20_000
    assert len(run.filter.may_hold(outside)) < 20_000 / 12


def test_runs_of_like_size_are_joined_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "FRESH_LIMIT", 1)
    monkeypatch.setattr(recent, "MOST_IN_RUN", 16)
    known = RecentIds()
    for number in range(100):
        known.add(ids(number), at=NOW)
    [day] = known._days.values()
    assert [run.n for run in day.runs] == [16, 16, 16, 16, 16, 16, 4]


def test_large_runs_stand_in_files_and_stay_in_memory_where_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "FRESH_LIMIT", 4)
    monkeypatch.setattr(sorted_ids, "LARGE", 16)
    for folder, is_file in ((tmp_path, True), (tmp_path / "nowhere", False)):
        known = RecentIds(folder=folder)
        for number in range(64):
            known.add(ids(number), at=NOW)
        [day] = known._days.values()
        assert [isinstance(run.body, bytes) for run in day.runs] == [not is_file]
        assert known.known(ids(*range(32, 96))).tolist() == [True] * 32 + [False] * 32
    assert list(tmp_path.iterdir()) == []


def test_whole_days_are_forgotten_and_younger_ones_kept() -> None:
    known = RecentIds()
    known.add(ids(1), at=NOW - timedelta(days=9))
    known.add(ids(2), at=NOW)
    known.forget_before(NOW - timedelta(days=7))
    assert known.known(ids(1, 2)).tolist() == [False, True]


def test_stored_segments_are_loaded_as_arrays() -> None:
    known = RecentIds()
    known.load([(NOW, ids(1, 2)), (NOW - timedelta(days=1), ids(3)), (NOW, b"")])
    assert known.known(ids(1, 2, 3, 4)).tolist() == [True, True, True, False]
    assert as_numbers(ids(1, 2)).shape == (2, 2)
