"""Events of a table as numbers: in the order of the file, whatever the columns are."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from regard.kernel.errors import InvalidInput, NotEnoughData
from regard.warehouse.files import events
from regard.warehouse.files.chosen import open_table
from regard.warehouse.files.events import read_events
from regard.warehouse.files.streams import stream

HEAD = "who,what,at\n"


def write(folder: Path, rows: str) -> Path:
    path = folder / "events.csv"
    path.write_text(HEAD + rows)
    return path


def read(path: Path) -> tuple[np.ndarray, list[str | None], np.ndarray, np.ndarray]:
    """The cases as keys, the activities, the times, and which rows tell of no event."""
    with open_table(path) as table:
        found = read_events(table, case="who", activity="what", time="at")
        keys, activities, times = (
            np.concatenate(column)
            for column in zip(*([a.copy() for a in one] for one in found.batches), strict=True)
        )
        hashes, place = np.unique(activities, return_inverse=True)
        called = found.names(hashes)
    names = [called[one] for one in place]
    return keys, names, times, np.isin(keys, found.nobodys) | np.array([one is None for one in names])


def test_batches_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    path, n = tmp_path / "rows.parquet", 400_000
    duckdb.connect().execute(
        f"COPY (SELECT i::BIGINT AS i, hash(i) AS h FROM range({n}) AS r(i)) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 5000)"
    )
    with duckdb.connect() as connection:
        connection.execute("SET threads = 4")
        relation = connection.sql(f"SELECT i FROM '{path}' WHERE i % 3 <> 1")
        found = np.concatenate([i.copy() for (i,) in stream(relation, [np.int64])])
    np.testing.assert_array_equal(found, np.arange(n)[np.arange(n) % 3 != 1])


def test_gaps_are_never_taken_for_values() -> None:
    with duckdb.connect() as connection, pytest.raises(ValueError, match="NULL"):
        list(stream(connection.sql("SELECT unnest([1, NULL]) AS i"), [np.int32]))


def test_what_fails_while_rows_are_read_is_said() -> None:
    with duckdb.connect() as connection, pytest.raises(duckdb.Error, match=r"cast|convert|Conversion"):
        list(stream(connection.sql("SELECT v::INTEGER AS v FROM (VALUES ('1'), ('x')) AS t(v)"), [np.int32]))


def test_rows_without_case_activity_or_time_are_nobodys(tmp_path: Path) -> None:
    rows = "1,pay,2026-01-01\n,pay,2026-01-01\nNone,ask,2026-01-02\n2,N/A,2026-01-03\n2,ask,\n 1 , ask,2026-01-04\n"
    keys, names, times, nobody = read(write(tmp_path, rows))
    assert nobody.tolist() == [False, True, True, True, True, False]
    assert keys[0] == keys[5]
    assert (names[0], names[5]) == ("pay", "ask")
    assert (times[5] - times[0]) == 3 * 86_400_000_000


@pytest.mark.parametrize("type_", ["BIGINT", "VARCHAR", "UUID"])
def test_cases_of_any_type_are_told_apart(tmp_path: Path, type_: str) -> None:
    path = tmp_path / "events.parquet"
    value = "uuid()" if type_ == "UUID" else f"(i // 2)::{type_}"
    duckdb.connect().execute(
        f"""COPY (SELECT {value} AS who, 'a' || (i % 3) AS what, TIMESTAMPTZ '2026-01-01 01:00+01' AS at
            FROM range(1000) AS r(i)) TO '{path}' (FORMAT parquet)"""
    )
    keys, _, times, nobody = read(path)
    assert len(set(keys.tolist())) == (1000 if type_ == "UUID" else 500)
    assert not nobody.any()
    assert set(times.tolist()) == {1_767_225_600_000_000}


def test_so_many_activities_that_hashes_meet_are_still_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "".join(f"1,step {n},2026-01-01\n" for n in range(3000)) + "1,,2026-01-01\n")
    _, names, _, nobody = read(path)
    assert names[:3000] == [f"step {n}" for n in range(3000)]
    assert nobody.tolist() == [False] * 3000 + [True]
    monkeypatch.setattr(events, "MOST_ACTIVITIES", 3000)  # the empty cell is none
    assert len(read(path)[1]) == 3001
    monkeypatch.setattr(events, "MOST_ACTIVITIES", 2999)
    with pytest.raises(InvalidInput, match="more than 2,999 different values"):
        read(path)


def test_activities_that_appear_late_are_named_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "TELLING_ROWS", 2)
    path = write(tmp_path, "".join(f"1,{name},2026-01-01\n" for name in ("pay", "pay", "ask", "", "call")))
    assert read(path)[1] == ["pay", "pay", "ask", None, "call"]


def test_what_is_no_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="needs a time in every row"):
        read(write(tmp_path, "1,pay,2026-01-01\n1,ask,soon\n"))


@pytest.mark.parametrize("odd", ["9999-12-31", "-0044-03-15"])
def test_a_time_that_nobody_lived_in_is_refused(tmp_path: Path, odd: str) -> None:
    with pytest.raises(InvalidInput, match=f"before 1800 .*'{odd}'"):
        read(write(tmp_path, f"1,pay,2026-01-01\n1,ask,{odd}\n"))


def test_an_infinite_time_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    duckdb.connect().execute(
        f"COPY (SELECT 1 AS who, 'a' AS what, t::TIMESTAMP AS at FROM (VALUES ('2026-01-01'), ('infinity')) AS v(t)) TO '{path}'"
    )
    with pytest.raises(InvalidInput, match="needs a time in every row"):
        read(path)


def test_a_column_without_activities_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData, match="'what' is empty"):
        read(write(tmp_path, "1,,2026-01-01\n"))
