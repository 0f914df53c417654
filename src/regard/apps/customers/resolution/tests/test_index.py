"""The map from keys to numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from regard.apps.customers.resolution.index import KeyIndex, first_of_each

halves = st.integers(0, 6)


@given(st.lists(st.lists(st.tuples(halves, halves), max_size=20), max_size=6))
def test_it_finds_what_was_added_also_where_halves_are_alike(parts: list[list[tuple[int, int]]]) -> None:
    index, known = KeyIndex(), dict[tuple[int, int], int]()
    for part in parts:
        fresh = sorted(set(part) - set(known))
        numbers = range(len(known), len(known) + len(fresh))
        known.update(zip(fresh, numbers, strict=True))
        columns = np.array(fresh, dtype=np.uint64).reshape(-1, 2)
        index.add(columns[:, 0], columns[:, 1], np.array(numbers, dtype=np.int64))
    asked = [(high, low) for high in range(7) for low in range(7)]
    columns = np.array(asked, dtype=np.uint64)
    assert index.find(columns[:, 0], columns[:, 1]).tolist() == [known.get(key, -1) for key in asked]
    high, low = index.with_high(np.array([2, 5], dtype=np.uint64))
    assert sorted(zip(high.tolist(), low.tolist(), strict=True)) == sorted(k for k in known if k[0] in (2, 5))
    high, low = index.with_low(np.array([2, 5], dtype=np.uint64))
    assert sorted(zip(high.tolist(), low.tolist(), strict=True)) == sorted(k for k in known if k[1] in (2, 5))


@given(st.lists(st.tuples(halves, halves), max_size=40))
def test_distinct_rows_keep_the_order_of_their_first_appearance(rows: list[tuple[int, int]]) -> None:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 2)
    first, inverse = first_of_each(columns[:, 0], columns[:, 1])
    distinct = list(dict.fromkeys(rows))
    assert first.tolist() == [rows.index(row) for row in distinct]
    assert inverse.tolist() == [distinct.index(row) for row in rows]
