"""Columns of files as groups."""

from __future__ import annotations

from pathlib import Path

import pytest

from regard.kernel.errors import InvalidInput
from regard.warehouse.files.chosen import open_table
from regard.warehouse.files.grouped import grouped, numbered, owners

ROWS = "shop,none\nLyon,\n Bo's ,\nNA,\nLyon,\n,\n"


def test_groups_are_places_among_sorted_names(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    with open_table(path) as table:
        (places, names), (nowhere, nothing) = grouped(table, "shop", "none")
        with pytest.raises(InvalidInput, match="Did you mean 'shop'"):
            grouped(table, "shopp")
    assert (list(places), names) == ([1, 0, -1, 1, -1], ["Bo's", "Lyon"])
    assert (list(nowhere), nothing) == ([-1] * 5, [])


def test_a_missing_value_has_no_number(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    with open_table(path) as table:
        numbers = list(numbered(table, "shop"))
    assert numbers[0] == numbers[3]
    assert (numbers[2], numbers[4], sorted(set(numbers))) == (-1, -1, [-1, 0, 1])


def test_a_row_that_nobody_owns_is_one_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    with open_table(path) as table:
        found = list(owners(table, "shop"))
    assert found[0] == found[3]
    assert sorted(set(found)) == [0, 1, 2, 3]
