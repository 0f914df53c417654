"""One Delta log with something for every metric, on every engine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec

import duckdb
import pytest

from regard.metrics.tests.hand_drawn import Row, log_of
from regard.metrics.tests.whole_log import FIRST, N_CUSTOMERS, rows
from regard.warehouse.engines.duckdb import connect
from regard.warehouse.engines.engine import Engine
from regard.warehouse.engines.spark import open_spark
from regard.warehouse.log import Log

# Two worker processes of their own, as on two machines.
CLUSTER = "local-cluster[2,1,1024]"


def more_rows() -> list[Row]:
    """Weights, second answers, another currency, odd attributes, nobody's interactions, times of other zones."""
    found: list[Row] = []
    for number in range(120):
        customer = None if number % 10 == 9 else number % N_CUSTOMERS
        at = FIRST + timedelta(days=number * 0.9, hours=number % 24)
        shared = {"customer": customer, "occurred_at": at, "channel": ("web", "store", None)[number % 3]}
        shared |= {"unit": ("north", "south", "north east")[number % 3], "touchpoint": "delivery"}
        shared |= {
            "attributes": ('{"plan": "gold", "a.b c": "x"}', '{"plan": null}', '{"plan": 2.5}', None)[
                number % 4
            ]
        }
        score = {"kind": "survey.answered", "thread": f"again {number}", "weight": 0.5 + number % 3}
        for metric, top in (("nps", 11), ("csat", 5), ("ces", 7), ("food", 4), ("rooms", 9)):
            first = 0 if metric == "nps" else 1
            found.append({**shared, **score, "metric": metric, "score": float(first + number % top)})
        found.append(
            {
                **shared,
                "kind": "order.placed",
                "amount_minor": 10 * number,
                "currency": ("EUR", "PLN")[number % 2],
            }
        )
        found.append({**shared, "kind": "case.opened", "thread": f"more {number}"})
        if number % 3:
            done = at + timedelta(hours=number)
            found.append({**shared, "kind": "case.resolved", "thread": f"more {number}", "occurred_at": done})
    return found


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """The log as a Delta table of several files, with joined customers, traits, accounts and units."""
    made = Log.open(tmp_path_factory.mktemp("engines") / "warehouse")
    with log_of([*rows(), *more_rows()]) as drawn:
        for position in range(3):  # three appends: three files a month
            part = f"SELECT * FROM log WHERE hash(interaction_id) % 3 = {position}"
            made.append(drawn, part, consumer="test", epoch="e", position=position)
        _know_customers(made, drawn)
    made.replace_units(
        [("north", "North", None), ("north east", "North East", "north"), ("south", "South", None)]
    )
    return made


def _know_customers(log: Log, connection: duckdb.DuckDBPyConnection) -> None:
    several = f"SELECT i AS identity_id, 'account ' || i % 3 AS account, 1 AS version FROM range({N_CUSTOMERS}) AS t (i)"
    also = "SELECT i, 'account 0', 2 FROM range(10) AS t (i)"
    log.append_memberships(connection, f"{several} UNION ALL {also}", consumer="test", epoch="e", position=1)
    tiers = f"SELECT i AS identity_id, 'tier' AS name, ['basic', 'plus'][i % 2 + 1] AS value, 1 AS version FROM range({N_CUSTOMERS}) AS t (i)"
    back = "SELECT i, 'tier', NULL, 2 FROM range(3) AS t (i)"
    log.append_traits(connection, f"{tiers} UNION ALL {back}", consumer="test", epoch="e", position=1)
    joined = "SELECT 7 AS identity_id, 3 AS customer_id, 1 AS version UNION ALL SELECT 8, 3, 1 UNION ALL SELECT 8, 8, 2"
    log.append_identities(connection, joined, consumer="test", epoch="e", position=1)


@pytest.fixture(scope="session")
def on_duckdb(log: Log) -> Iterator[Engine]:
    with connect(log) as connection:
        yield connection


@pytest.fixture
def needs_spark() -> None:
    java = os.environ.get("JAVA_HOME")
    if find_spec("pyspark") is None or shutil.which(f"{java}/bin/java" if java else "java") is None:
        pytest.skip("PySpark and Java are needed")


@pytest.fixture
def on_spark(log: Log, needs_spark: None) -> Iterator[Engine]:
    """Spark in one process."""
    with open_spark(log, "local[2]") as engine:
        yield engine


@pytest.fixture
def on_cluster(log: Log, needs_spark: None) -> Iterator[Engine]:
    """Spark with workers of its own."""
    with open_spark(log, CLUSTER) as engine:
        yield engine
