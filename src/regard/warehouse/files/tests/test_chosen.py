"""Columns of files as arrays: whatever the file's form, and refused with a word on what to do."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import numpy as np
import pytest

from regard.kernel.errors import InvalidInput
from regard.warehouse.files.chosen import open_table

ROWS = "score,who,when\n9,Ada,2026-01-02\n,Bo,2026-01-03\n3.5,,\n"


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def as_parquet(folder: Path) -> Path:
    source, path = write(folder, "x.csv", ROWS), folder / "rows.parquet"
    duckdb.connect().execute(f"COPY (FROM read_csv('{source}')) TO '{path}' (FORMAT parquet)")
    return path


@pytest.mark.parametrize("form", ["csv", "semicolon", "gz", "ndjson", "parquet", "utf16"])
def test_every_form_gives_the_same_arrays(tmp_path: Path, form: str) -> None:
    path = {
        "csv": lambda: write(tmp_path, "rows.csv", ROWS),
        "semicolon": lambda: write(tmp_path, "rows.csv", ROWS.replace(",", ";").replace(".", ",")),
        "gz": lambda: write(tmp_path, "rows.csv.gz", gzip.compress(ROWS.encode())),
        "utf16": lambda: write(tmp_path, "rows.csv", ROWS.encode("utf-16")),
        "parquet": lambda: as_parquet(tmp_path),
        "ndjson": lambda: write(
            tmp_path,
            "rows.ndjson",
            '{"score":9,"who":"Ada","when":"2026-01-02"}\n{"who":"Bo","when":"2026-01-03"}\n{"score":3.5}\n',
        ),
    }[form]()
    with open_table(path) as table:
        assert len(table) == 3
        [score], [who], [when] = table.numbers("score"), table.texts("who"), table.times("when")
    np.testing.assert_array_equal(score, [9, np.nan, 3.5])
    assert list(who) == ["Ada", "Bo", None]
    assert [str(one) for one in when[:2]] == ["2026-01-02T00:00:00.000000", "2026-01-03T00:00:00.000000"]
    assert np.isnat(when[2])


def test_marks_of_missing_values_are_missing(tmp_path: Path) -> None:
    path = write(tmp_path, "rows.csv", "score\n1\nNA\n n/a \nNaN\n-\nnull\n")
    with open_table(path) as table:
        [score] = table.numbers("score")
    np.testing.assert_array_equal(score, [1] + [np.nan] * 5)


def test_a_column_that_begins_empty_is_read_as_it_is_written_further_down(tmp_path: Path) -> None:
    rows = "".join(f"{place};\n" for place in range(1_100)) + "1;2,25\n" * 3
    with open_table(write(tmp_path, "rows.csv", "n;late\n" + rows)) as table:
        n, late = table.numbers("n", "late")
        (again,) = table.numbers("late")
    assert n[:3].tolist() == [0, 1, 2]
    assert late[-3:].tolist() == again[-3:].tolist() == [2.25] * 3
    assert np.isnan(late[:-3]).all()


def test_percentages_are_shares_also_beside_plain_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, "rows.csv", "share;told\n5,7%;50%\n12 %;0,25\nNA;\n-1.250,5%;3\n")
    with open_table(path) as table:
        share, told = table.numbers("share", "told")
    np.testing.assert_allclose(share, [0.057, 0.12, np.nan, -12.505])
    np.testing.assert_allclose(told, [0.5, 0.25, np.nan, 3])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Nov 3, 2026", "2026-11-03T00:00"),
        ("3 november 2026 14:05", "2026-11-03T14:05"),
        ("03-Nov-26", "2026-11-03T00:00"),
        ("Tue, 3 Nov 2026 14:05:06 +0200", "2026-11-03T12:05"),
        ("November 3, 2026, 2:05 PM", "2026-11-03T14:05"),
        ("May 3 2026 at 14:05", "2026-05-03T14:05"),
    ],
)
def test_months_written_as_words_are_read(tmp_path: Path, written: str, read: str) -> None:
    with open_table(write(tmp_path, "rows.csv", f'when\n"{written}"\n"{written}"\n')) as table:
        [when] = table.times("when")
    assert [str(one)[:16] for one in when] == [read] * 2


def test_a_word_that_is_no_month_is_no_date(tmp_path: Path) -> None:
    with (
        open_table(write(tmp_path, "rows.csv", "when\n3 Foo 2026\n")) as table,
        pytest.raises(InvalidInput, match="needs a time in every row; in 1 of them"),
    ):
        table.times("when")


def test_times_without_a_zone_are_read_in_the_zone_that_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, "rows.csv", "when\n2026-07-01 12:00\n2026-07-01T12:00:00Z\n")
    with open_table(path) as table:
        [when] = table.times("when", zone="Europe/Athens")
    assert [str(one)[11:16] for one in when] == ["09:00", "12:00"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("score\n", "no rows"),
        (
            "score\n1\nabc\nx\n",
            "'score' needs a number in every row; in 2 of them stands something else, such as 'abc'",
        ),
        ("score\n1\ninf\n", "such as 'inf'"),
        ("points\n1\n", "no column 'score'"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, content: str, said: str) -> None:
    with (
        pytest.raises(InvalidInput, match=said),
        open_table(write(tmp_path, "rows.csv", content)) as table,
    ):
        table.numbers("score")


@pytest.mark.parametrize(
    ("late", "read"), [("12/13/10 9:02", "2010-12-01"), ("13/12/10 9:02", "2010-01-12"), ("", "2010-01-12")]
)
def test_a_day_far_down_tells_whether_day_or_month_stands_first(tmp_path: Path, late: str, read: str) -> None:
    rows = "\n".join(["day", *["12/1/10 8:26"] * 1_100, late, ""])
    with open_table(write(tmp_path, "rows.csv", rows)) as table:
        [day] = table.times("day")
    assert str(day[0])[:10] == read


@pytest.mark.parametrize("odd", ["9999-12-31", "-0044-03-15", "1799-12-31", "2200-01-01"])
def test_times_that_nobody_lived_in_are_refused(tmp_path: Path, odd: str) -> None:
    with (
        open_table(write(tmp_path, "rows.csv", f"day\n1800-01-01\n\n{odd}\n2199-12-31\n")) as table,
        pytest.raises(InvalidInput, match=f"'day' holds times before 1800 .* 1 rows, such as '{odd}'"),
    ):
        table.times("day")


def test_cells_with_lines_of_their_own_are_read(tmp_path: Path) -> None:
    said = [f"first line {at}\nsecond line" if at % 3 else f"one line {at}" for at in range(3000)]
    path = write(
        tmp_path, "notes.csv", "id,note\n" + "".join(f'{at},"{one}"\n' for at, one in enumerate(said))
    )
    with open_table(path) as table:
        assert table.texts("note")[0].tolist() == said
        assert table.numbers("id")[0].tolist() == list(range(3000))


def test_a_cell_may_hold_a_long_text(tmp_path: Path) -> None:
    long = "The delivery was late. " * 20_000
    with open_table(write(tmp_path, "long.csv", f'words,score\n"{long}",1\nshort,2\n')) as table:
        assert len(table) == 2
        assert table.numbers("score")[0].tolist() == [1, 2]
