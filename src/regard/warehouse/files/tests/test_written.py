"""Columns written as a file, at once and batch by batch."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from regard.kernel.errors import InvalidInput
from regard.warehouse.files.written import write_batches, write_columns


def test_batches_come_out_as_if_written_at_once(tmp_path: Path) -> None:
    words = np.array(["", "a", "b", "b", "a", "c", "d", "ж"] * 500)
    columns = {"row": np.arange(4000), "word": words, "score": np.where(words == "a", np.nan, 0.5)}
    once, parts = tmp_path / "once.parquet", tmp_path / "parts.parquet"
    write_columns(once, columns)
    with write_batches(parts) as rows:
        for start in range(0, 4000, 1501):
            rows.add({name: values[start : start + 1501] for name, values in columns.items()})
    same = "SELECT * REPLACE (word::VARCHAR AS word) FROM"
    found = [duckdb.execute(f"{same} '{one}'").fetchall() for one in (once, parts)]
    assert found[0] == found[1]
    assert [row[0] for row in found[1]] == list(range(4000))


def test_words_of_a_batch_that_another_lacks_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    with write_batches(file) as rows:
        for word in ("first", "second", "third"):
            rows.add({"word": np.array([word] * 300)})
    assert sorted(set(file.read_text().split())) == ["first", "second", "third", "word"]


def test_another_end_or_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="must end in"), write_batches(tmp_path / "a.txt"):
        raise AssertionError("nothing is told before the name is known to be good")
    with (
        pytest.raises(InvalidInput, match="does its folder exist"),
        write_batches(tmp_path / "no" / "a.csv") as rows,
    ):
        rows.add({"word": np.array(["a"])})
