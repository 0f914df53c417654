"""Times and numbers as people write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from regard.kernel.money import to_minor
from regard.warehouse.files.dates import guess_dates, instant_sql
from regard.warehouse.files.numbers import guess_decimal, minor_sql, number_sql
from regard.warehouse.files.tests.conftest import ReadFile

FORMS = {
    "%d.%m.%Y": True,
    "%d.%m.%Y %H:%M": True,
    "%d/%m/%Y %H:%M:%S": True,
    "%m/%d/%Y %I:%M:%S %p": True,
    "%Y/%m/%d %H:%M": True,
    "%d-%m-%Y": True,
    "%Y-%m-%dT%H:%M:%S": True,
}
EARLIEST, LATEST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2010, 2026))
HASTY = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("form", FORMS)
@HASTY
@given(moments=st.lists(st.datetimes(EARLIEST, LATEST), min_size=1, max_size=8))
def test_a_column_is_read_as_it_was_written(
    connection: duckdb.DuckDBPyConnection, form: str, moments: list[datetime]
) -> None:
    moments = [moment.replace(microsecond=0) for moment in moments]
    moments.append(EARLIEST.replace(month=5, day=25))  # A day above twelve settles the order.
    texts = [moment.strftime(form) for moment in moments]
    guess = guess_dates(texts)
    assert not guess.ambiguous
    assert guess.formats
    sql = instant_sql("t", guess.formats, "UTC")
    rows = connection.execute(
        f"SELECT epoch_us({sql}) FROM (SELECT unnest($1::VARCHAR[]) AS t)", [texts]
    ).fetchall()
    wanted = [
        int(datetime.strptime(text, form).replace(tzinfo=UTC).timestamp() * 1_000_000) for text in texts
    ]
    assert [value for (value,) in rows] == wanted


def test_day_and_month_are_told_apart_over_the_whole_column_or_it_is_said(read: ReadFile) -> None:
    head = "customer,occurred_at,kind\n"
    early = "".join(f"u,0{i % 9 + 1}/02/2026,order.placed\n" for i in range(3000))
    found = read(head + early + "u,03/25/2026,order.placed\n")
    assert found.rejected == []
    assert {row["occurred_at"].astimezone(UTC).day for row in found.rows} == {2, 25}
    unclear = read(head + early)
    assert any(
        "Please check" in reason and "cannot be told apart" in reason
        for reason in unclear.reader.mapping.reasons
    )


def test_a_spreadsheets_time_of_day_is_no_date(read: ReadFile) -> None:
    assert guess_dates(["12/31/1899 09:30:00 AM", "12/31/1899 12:55:00 PM"]).formats == ()
    found = read(
        "customer,when_,kind\nu,12/31/1899 09:30:00 AM,order.placed\n",
        mapping='[columns]\noccurred_at = { column = "when_", format = "%m/%d/%Y %I:%M:%S %p" }\nkind = "kind"\n',
    )
    assert list(found.reasons.values()) == ["time_too_old"]


def test_times_without_a_zone_are_local_and_those_with_one_are_not(read: ReadFile) -> None:
    text = "customer,occurred_at,kind\nu,2026-07-01 10:00,order.placed\nu,2026-07-01T10:00:00Z,order.placed\nu,2026-07-01 10:00:00+04:00,order.placed\n"
    rows = read(text, zone="Europe/Athens").rows
    assert sorted(row["occurred_at"].astimezone(UTC).hour for row in rows) == [6, 7, 10]


@pytest.mark.parametrize(
    ("value", "form"),
    [("1767225600", "epoch_seconds"), ("1767225600000", "epoch_milliseconds"), ("46023", "excel")],
)
def test_counted_times_are_understood(read: ReadFile, value: str, form: str) -> None:
    mapping = f'[columns]\noccurred_at = {{ column = "t", format = "{form}" }}\n[constants]\nkind = "order.placed"\n'
    [row] = read(f"t,x\n{value},1\n", mapping=mapping).rows
    assert row["occurred_at"].astimezone(UTC) == datetime(2026, 1, 1, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_one_of_the_two(connection: duckdb.DuckDBPyConnection) -> None:
    sql = instant_sql("'2026-10-25 03:30'", (), "Europe/Athens")
    [(moment,)] = connection.execute(f"SELECT {sql}").fetchall()
    assert moment.astimezone(ZoneInfo("Europe/Athens")).strftime("%H:%M") == "03:30"


@HASTY
@example(amounts=[10**9], currency="KWD")
@given(
    amounts=st.lists(st.decimals(-(10**9), 10**9, places=3), min_size=1, max_size=20),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_amounts_become_smallest_units_as_the_kernel_says(
    connection: duckdb.DuckDBPyConnection, amounts: list[object], currency: str
) -> None:
    from decimal import Decimal

    sql = minor_sql(number_sql("t", ".", "DECIMAL(18, 6)"), f"'{currency}'")
    rows = connection.execute(
        f"SELECT {sql} FROM (SELECT unnest($1::VARCHAR[]) AS t)", [[str(a) for a in amounts]]
    ).fetchall()
    assert [value for (value,) in rows] == [to_minor(Decimal(str(amount)), currency) for amount in amounts]


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1.234,5", ",", 1234.5),
        ("1 234,5", ",", 1234.5),
        ("1,234.5", ".", 1234.5),
        ("€ 12.50", ".", 12.5),
        ("12,5", ".", None),
        ("zwölf", ",", None),
    ],
)
def test_numbers_of_both_fashions_are_read(
    connection: duckdb.DuckDBPyConnection, text: str, decimal: str, number: float | None
) -> None:
    assert connection.execute(f"SELECT {number_sql('$1::VARCHAR', decimal)}", [text]).fetchall() == [
        (number,)
    ]


def test_a_decimal_comma_is_recognised() -> None:
    assert guess_decimal(["12,50", "7"])[0] == ","
    assert guess_decimal(["1,234", "5,678"])[0] == "."
    assert guess_decimal(["late", "early"])[0] is None
