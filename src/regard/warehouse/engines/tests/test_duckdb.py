"""The views say whose each interaction is today."""

from __future__ import annotations

import threading

import duckdb
from duckdb import DuckDBPyConnection

from regard.warehouse.conftest import Rows
from regard.warehouse.engines.duckdb import connect, identities_of, over_tables, refresh
from regard.warehouse.log import LOG_COLUMNS, Log
from regard.warehouse.schema.interactions import INTERACTIONS


def link(log: Log, connection: DuckDBPyConnection, values: str, position: int) -> None:
    sql = f"SELECT * FROM (VALUES {values}) AS t(identity_id, customer_id, version)"
    log.append_identities(connection, sql, consumer="customers", epoch="e", position=position)
    refresh(connection, log)


def customers(connection: DuckDBPyConnection) -> dict[int, int]:
    found = connection.execute("SELECT DISTINCT identity_id, customer_id FROM interactions").fetchall()
    return dict(found)


def test_an_identity_without_a_link_is_its_own_customer(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    log.append(connection, rows(7), consumer="log", epoch="e", position=0)
    refresh(connection, log)
    assert customers(connection) == {number: number for number in range(7)}
    definition = "SELECT sql FROM duckdb_views() WHERE view_name = 'interactions'"
    assert "JOIN" not in str(connection.execute(definition).fetchall())
    link(log, connection, "(5, 4, 1)", 1)
    assert "JOIN" in str(connection.execute(definition).fetchall())


def test_the_latest_link_wins_and_a_split_gives_an_identity_back(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    log.append(connection, rows(7), consumer="log", epoch="e", position=0)
    link(log, connection, "(5, 4, 1), (6, 5, 1)", 1)
    link(log, connection, "(5, 3, 3), (4, 3, 3), (6, 3, 3)", 2)
    link(log, connection, "(5, 2, 2)", 3)
    assert customers(connection) == {0: 0, 1: 1, 2: 2, 3: 3, 4: 3, 5: 3, 6: 3}
    assert identities_of(connection, 3) == [3, 4, 5, 6]
    link(log, connection, "(5, 5, 4)", 4)
    assert customers(connection) == {0: 0, 1: 1, 2: 2, 3: 3, 4: 3, 5: 5, 6: 3}
    assert identities_of(connection, 5) == [5]


def test_links_multiply_no_interaction(log: Log, connection: DuckDBPyConnection, rows: Rows) -> None:
    log.append(connection, rows(70), consumer="log", epoch="e", position=0)
    link(log, connection, "(5, 4, 1), (5, 4, 1), (5, 3, 2)", 1)
    assert connection.execute("SELECT count(*), sum(score) FROM interactions").fetchone() == (
        70,
        sum(number % 11 for number in range(70)),
    )


def test_traits_and_accounts_follow_the_customer(log: Log, connection: DuckDBPyConnection) -> None:
    traits = "(1, 'plan', 'free', 1), (2, 'plan', 'paid', 2), (1, 'city', 'Yerevan', 3), (2, 'age', 'old', 1), (2, 'age', NULL, 4)"
    log.append_traits(
        connection,
        f"SELECT * FROM (VALUES {traits}) AS t(identity_id, name, value, version)",
        consumer="customers",
        epoch="e",
        position=1,
    )
    log.append_memberships(
        connection,
        "SELECT * FROM (VALUES (1, 'acme', 1), (2, 'acme', 1), (2, 'bolt', 1)) AS t(identity_id, account, version)",
        consumer="customers",
        epoch="e",
        position=1,
    )
    link(log, connection, "(2, 1, 1)", 1)
    assert connection.execute("SELECT * FROM traits_now ORDER BY ALL").fetchall() == [
        (1, "city", "Yerevan"),
        (1, "plan", "paid"),
    ]
    assert connection.execute("SELECT * FROM memberships_now ORDER BY ALL").fetchall() == [
        (1, "acme"),
        (1, "bolt"),
    ]


def test_units_are_replaced_as_a_whole(log: Log, connection: DuckDBPyConnection) -> None:
    log.replace_units([("all", "All", None), ("north", "North", "all")])
    log.replace_units([("all", "Everything", None)])
    refresh(connection, log)
    assert connection.execute("SELECT * FROM units").fetchall() == [("all", "Everything", None)]


def test_refresh_tells_whether_something_moved(log: Log, connection: DuckDBPyConnection, rows: Rows) -> None:
    assert not refresh(connection, log)
    log.append(connection, rows(1), consumer="log", epoch="e", position=0)
    assert refresh(connection, log)
    assert not refresh(connection, log)


def test_cursors_may_ask_and_refresh_at_once(log: Log, connection: DuckDBPyConnection, rows: Rows) -> None:
    errors: list[Exception] = []

    def ask(cursor: DuckDBPyConnection) -> None:
        try:
            for _ in range(20):
                refresh(cursor, log)
                cursor.execute("SELECT count(*), count(DISTINCT customer_id) FROM interactions").fetchall()
        except Exception as error:
            errors.append(error)

    cursors = [connection.cursor() for _ in range(3)]
    threads = [threading.Thread(target=ask, args=(cursor,)) for cursor in cursors]
    for thread in threads:
        thread.start()
    for turn in range(15):
        log.append(connection, rows(3, first=turn), consumer="log", epoch="e", position=turn)
    for thread in threads:
        thread.join()
    for cursor in cursors:
        cursor.close()
    assert errors == []


def test_the_same_views_stand_over_a_table_in_memory(rows: Rows) -> None:
    with connect() as connection:
        connection.execute(f"CREATE TABLE given AS {rows(7)}")
        over_tables(connection, "given")
        assert customers(connection) == {number: number for number in range(7)}
        assert connection.execute("SELECT month FROM log LIMIT 1").fetchone() == ("2026-03",)
        for view in ("customers_now", "memberships_now", "traits_now", "units"):
            assert connection.execute(f"SELECT count(*) FROM {view}").fetchone() == (0,)


def test_views_have_the_columns_and_types_of_the_schema_also_when_empty() -> None:
    with connect() as connection:
        found = connection.execute("DESCRIBE interactions").fetchall()
        assert [row[0] for row in found] == [*LOG_COLUMNS, "customer_id"]
        types = {row[0]: row[1].replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ") for row in found}
        assert all(types[name] == INTERACTIONS.type_of(name) for name in LOG_COLUMNS)


def test_a_connection_speaks_utc_in_every_cursor() -> None:
    with connect() as connection, connection.cursor() as cursor:
        assert cursor.execute("SELECT current_setting('TimeZone')").fetchone() == ("UTC",)


def test_a_folder_without_log_is_not_needed_for_plain_duckdb(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    log.append(connection, rows(5), consumer="log", epoch="e", position=0)
    pattern = f"{log.url}/interactions/**/*.parquet"
    with duckdb.connect() as plain:
        assert plain.execute("SELECT count(*) FROM read_parquet(?)", [pattern]).fetchone() == (5,)
