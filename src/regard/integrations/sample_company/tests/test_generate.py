from __future__ import annotations

import resource
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest

from regard.integrations.sample_company import generate as generating
from regard.integrations.sample_company.company import AGENTS, LANGUAGES, units
from regard.integrations.sample_company.generate import Written, generate
from regard.kernel.errors import InvalidInput

STANDARD = (
    "message_id customer customer_email customer_phone occurred_at kind channel touchpoint metric score text language "
    "amount currency duration_seconds wait_seconds unit agent thread"
).split()
UNTIL = date(2026, 11, 22)


def number(tables: duckdb.DuckDBPyConnection, sql: str) -> float:
    row = tables.execute(sql).fetchone()
    assert row is not None
    return float(row[0])


def test_the_same_seed_and_day_give_the_same_bytes(tmp_path: Path) -> None:
    one = generate(tmp_path / "one", customers=150, seed=3, until=UNTIL)
    two = generate(tmp_path / "two", customers=150, seed=3, until=UNTIL)
    assert [path.read_bytes() for path in one.interactions + one.people] == [
        path.read_bytes() for path in two.interactions + two.people
    ]


def test_another_seed_gives_other_data(tmp_path: Path) -> None:
    one = generate(tmp_path / "one", customers=50, seed=1, until=UNTIL)
    two = generate(tmp_path / "two", customers=50, seed=2, until=UNTIL)
    assert one.interactions[0].read_bytes() != two.interactions[0].read_bytes()


def test_more_customers_leave_the_first_ones_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generating, "CHUNK", 40)
    few = generate(tmp_path / "few", customers=40, seed=1, until=UNTIL)
    many = generate(tmp_path / "many", customers=100, seed=1, until=UNTIL)
    assert len(many.people) == 3
    assert few.interactions[0].read_bytes() == many.interactions[0].read_bytes()


def test_a_company_without_customers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="least is 1"):
        generate(tmp_path, customers=0, seed=1, until=UNTIL)


@pytest.mark.parametrize("until", [date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1)])
def test_the_two_years_may_end_on_any_day_even_for_one_customer(tmp_path: Path, until: date) -> None:
    assert generate(tmp_path, customers=1, seed=1, until=until).until == until


def test_twenty_thousand_customers_would_leave_about_a_million_and_a_half(written: Written) -> None:
    assert 0.85 * 75 <= written.n_rows / 2_000 <= 1.15 * 75


def test_the_columns_are_those_of_an_import_and_the_rest_are_attributes(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    columns = [name for name, *_ in tables.execute("describe interactions").fetchall()]
    assert (
        columns[: len(STANDARD) - 1] == [name for name in STANDARD if name != "thread"][: len(STANDARD) - 1]
    )
    assert set(STANDARD) <= set(columns)
    assert {"region", "carrier", "days_late", "product_category", "plan", "trial", "is_made_up"} <= set(
        columns
    )


def test_every_row_has_an_id_of_its_own_a_time_a_kind_and_somebody(tables: duckdb.DuckDBPyConnection) -> None:
    assert number(tables, "select count(*) - count(distinct message_id) from interactions") == 0
    assert number(tables, "select count(*) from interactions where occurred_at is null or kind is null") == 0
    assert (
        number(tables, "select count(*) from interactions where coalesce(customer, customer_phone) is null")
        == 0
    )
    assert number(tables, "select count(*) from interactions where not is_made_up") == 0


def test_no_number_is_nan_and_every_score_lies_on_its_scale(tables: duckdb.DuckDBPyConnection) -> None:
    for column in ("score", "duration_seconds", "wait_seconds"):
        assert number(tables, f"select count(*) from interactions where isnan({column}) or {column} < 0") == 0
    wrong = """select count(*) from interactions where kind = 'survey.answered' and (score is null or score <> floor(score)
        or not case metric when 'nps' then score between 0 and 10 when 'csat' then score between 1 and 5
        when 'ces' then score between 1 and 7 else false end)"""
    assert number(tables, wrong) == 0


def test_everything_happens_within_the_two_years(tables: duckdb.DuckDBPyConnection) -> None:
    outside = (
        "occurred_at < timestamptz '2024-11-21 21:00+00' or occurred_at > timestamptz '2026-11-22 01:00+00'"
    )
    assert number(tables, f"select count(*) from interactions where {outside}") == 0


def test_money_always_has_its_currency_and_only_returns_and_costs_are_negative(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    assert (
        number(tables, "select count(*) from interactions where (amount is null) <> (currency is null)") == 0
    )
    negative = "select count(*) from interactions where (amount < 0) <> (kind in ('order.returned', 'cost.recorded')) and amount <> 0"
    assert number(tables, negative) == 0


def test_units_and_agents_are_those_of_the_company(tables: duckdb.DuckDBPyConnection) -> None:
    used = {
        unit
        for (unit,) in tables.execute(
            "select distinct unit from interactions where unit is not null"
        ).fetchall()
    }
    assert used <= {row.unit for row in units()}
    assert len(used) >= 20
    agents = {
        agent
        for (agent,) in tables.execute(
            "select distinct agent from interactions where agent is not null"
        ).fetchall()
    }
    assert agents <= {name for name, _ in AGENTS}


def test_customers_write_in_five_languages(tables: duckdb.DuckDBPyConnection) -> None:
    rows = tables.execute(
        "select language, count(*) from interactions where text is not null group by 1"
    ).fetchall()
    assert {language for language, n in rows if n >= 8} == set(LANGUAGES)
    assert number(tables, "select count(distinct text) from interactions where text is not null") > 300


def test_words_fit_the_score_and_what_happened(tables: duckdb.DuckDBPyConnection) -> None:
    late = "text like 'Late again.%' or text like 'Πάλι καθυστέρηση.%' or text like 'Znowu opóźnienie.%'"
    assert number(tables, f"select count(*) from interactions where {late}") > 0
    assert (
        number(tables, f"select count(*) from interactions where ({late}) and (score > 6 or days_late <= 0)")
        == 0
    )


def test_some_people_appear_under_several_identifiers_and_the_truth_is_kept(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    kinds = dict(tables.execute("select kind, count(*) from people group by 1").fetchall())
    assert sum(kinds.values()) == 2_000
    assert 0.10 < 1 - kinds["one_identity"] / 2_000 < 0.20
    known = """select count(distinct i.customer) from interactions i where i.customer <> 'advertising' and i.customer not in
        (select any_id from (select unnest([customer, second_customer, anonymous]) as any_id from people) where any_id is not null)"""
    assert number(tables, known) == 0
    for column in ("second_customer", "anonymous"):
        assert (
            number(
                tables,
                f"select count(*) from interactions semi join people on interactions.customer = {column}",
            )
            > 0
        )
    assert number(tables, "select count(*) from people where shares_phone") > 0


@pytest.mark.long
def test_a_hundred_thousand_customers_take_no_more_memory_than_a_few(tmp_path: Path) -> None:
    generate(tmp_path / "few", customers=20_000, seed=7, until=UNTIL)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    written = generate(tmp_path / "many", customers=100_000, seed=7, until=UNTIL)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{written.n_rows:,} rows, {written.n_rows / seconds:,.0f} a second, {after / 1e6:.2f} GB")
    assert after < 1.25 * before
    assert written.n_rows == pytest.approx(7_500_000, rel=0.15)
