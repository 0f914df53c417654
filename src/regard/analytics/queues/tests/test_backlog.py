"""Work that may wait, against a search by trying and against figures by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regard.analytics.queues.backlog import fewest_people, whole, work_off
from regard.kernel.errors import InvalidInput


def test_by_hand() -> None:
    work, hours = np.array([30.0, 0.0, 0.0, 30.0]), np.full(4, 10.0)
    assert fewest_people(work, hours, 0) == pytest.approx(3.0)
    assert fewest_people(work, hours, 2) == pytest.approx(1.0)
    worked = work_off(work, hours, 1, 2)
    assert worked.done.tolist() == [10, 10, 10, 10]
    assert worked.open.tolist() == [20, 10, 0, 20]
    assert worked.waits.tolist() == [0, 1, 0, 0]
    assert worked.on_time == 1
    assert work_off(work, hours, 0.5, 2).on_time == pytest.approx(0.5)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8)), min_size=4, max_size=14), st.integers(0, 3))
def test_the_fewest_are_enough_and_fewer_are_not(days: list[tuple[int, int]], due: int) -> None:
    work, hours = (np.array(one, dtype=np.float64) for one in zip(*days, strict=True))
    try:
        people = fewest_people(work, hours, due)
    except InvalidInput:
        return
    enough = work_off(work, hours, people * (1 + 1e-9), due)
    assert np.nansum(enough.late) == pytest.approx(0, abs=1e-6)
    if people > 0:
        assert np.nansum(work_off(work, hours, 0.98 * people, due).late) > 0
    assert whole(people) - 1 < people <= whole(people) + 1e-9
