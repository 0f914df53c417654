from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from regard.integrations.airport_survey import cutting
from regard.warehouse.files.declared import read_mapping
from regard.warehouse.files.reader import open_file

CUTS, MAPS = cutting.HERE / "cuts", cutting.HERE / "maps"
# Answers and satisfied ones of the whole-airport question in the cut, counted by hand with csv alone.
SATISFIED = {2010: (96, 69), 2011: (95, 67), 2012: (96, 77), 2013: (95, 78),
             2014: (92, 73), 2015: (95, 84), 2016: (95, 80), 2017: (97, 78)}  # fmt: skip


def read(year: int) -> list[tuple[str, float, float | None, datetime]]:
    """Metric, score, weight and time of every interaction of a year's cut; nothing may be rejected."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    reader = open_file(
        CUTS / cutting.full_name(year),
        mapping=read_mapping(MAPS / f"{year}.toml"),
        source="airport",
        now=datetime(2026, 11, 22, tzinfo=UTC),
    )
    rows: list[tuple[str, float, float | None, datetime]] = []
    for batch in reader.batches(connection):
        assert connection.execute(f"select * from {batch.rejected}").fetchall() == []
        sql = f"select metric, score, weight, epoch_us(occurred_at) from {batch.incoming}"
        rows += [
            (metric, score, weight, datetime.fromtimestamp(at / 1e6, UTC))
            for metric, score, weight, at in connection.execute(sql).fetchall()
        ]
    return rows


@pytest.mark.parametrize("year", cutting.YEARS)
def test_each_year_gives_the_satisfaction_that_was_counted_by_hand(year: int) -> None:
    rows = read(year)
    scores = [score for metric, score, _, _ in rows if metric == "csat"]
    assert (len(scores), sum(score >= 4 for score in scores)) == SATISFIED[year]
    assert all(1 <= score <= 5 for metric, score, _, _ in rows if metric != "nps")
    assert {at.year for *_, at in rows} == {year}


def test_the_nps_of_the_cut_leaves_the_blanks_coded_11_out_and_keeps_the_zeros() -> None:
    answers = [(score, weight) for metric, score, weight, _ in read(2017) if metric == "nps" and weight]
    promoters, detractors = sum(s >= 9 for s, _ in answers), sum(s <= 6 for s, _ in answers)
    assert (len(answers), promoters, detractors) == (98, 54, 12)
    weights = sum(w for _, w in answers)
    weighted = sum(w * ((s >= 9) - (s <= 6)) for s, w in answers) / weights
    assert 100 * weighted == pytest.approx(48.1286, abs=1e-4)


def test_the_cut_is_small_and_says_where_it_comes_from() -> None:
    assert sum(path.stat().st_size for path in CUTS.iterdir()) < 1_000_000
    assert "PDDL" in (cutting.HERE / "ATTRIBUTION.txt").read_text(encoding="utf-8")
    for year in cutting.YEARS:
        with (CUTS / cutting.full_name(year)).open(encoding="utf-8", newline="") as lines:
            assert sum(1 for _ in csv.reader(lines)) == 101


def test_a_cut_is_the_same_every_time_and_keeps_whole_rows(tmp_path: Path) -> None:
    full = tmp_path / "full.csv"
    full.write_text("a,b\n" + "".join(f'{n},"x\ny{n}"\n' for n in range(500)), encoding="utf-8")
    for name in ("one", "two"):
        assert cutting.cut(full, tmp_path / name, year=2017, rows=30) == 30
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    with (tmp_path / "one").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    assert len({tuple(row) for row in rows}) == 30
    assert all(row[1] == f"x\ny{row[0]}" for row in rows)
