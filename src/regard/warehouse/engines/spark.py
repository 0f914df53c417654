"""Spark, for a log that is too large for one machine: the same views, the same questions, on a cluster.

Spark reads the Parquet files that the newest snapshot lists, so that no connector for Delta is needed.
"""

from __future__ import annotations

import os
import shutil
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from regard.kernel.errors import InvalidInput
from regard.warehouse.engines import views
from regard.warehouse.engines.engine import CannotAnswer, Engine, EngineKind, register
from regard.warehouse.engines.spark_sql import to_spark
from regard.warehouse.log import TABLES, Log
from regard.warehouse.schema.table import Table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

HERE = "local[*]"
ZONE = "spark.sql.session.timeZone"
SET_ZONE = "SET TimeZone = "
LOGGING = Path(__file__).with_name("spark-log4j2.properties")
MOST_KEPT = 256

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    # Answers are short: many partitions would cost more than they save, and adaptive execution splits large ones.
    "spark.sql.shuffle.partitions": "16",
    "spark.sql.adaptive.coalescePartitions.initialPartitionNum": "200",
    # A cast that fails is an error, as in DuckDB, never silently nothing.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    ZONE: "UTC",
}


class SparkAnswer:
    """The rows of one answer, brought here."""

    def __init__(self, schema: StructType, rows: list[tuple[Any, ...]]) -> None:
        self._schema = schema
        self._rows = rows
        self._next = iter(rows)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        return [*self._next]

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, None after the last."""
        return next(self._next, None)

    def fetchnumpy(self) -> dict[str, Any]:
        """The columns as arrays, masked where null."""
        columns: list[tuple[Any, ...]] = list(zip(*self._rows, strict=True)) or [()] * len(self._schema)
        return {
            field.name: _array(values, field.dataType.typeName())
            for field, values in zip(self._schema, columns, strict=True)
        }


class SparkEngine:
    """Answers over one snapshot. An answer is kept, as the same small questions come with every figure."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session
        self._kept: OrderedDict[tuple[str, str], tuple[StructType, list[tuple[Any, ...]]]] = OrderedDict()

    def execute(self, query: str) -> SparkAnswer:
        """Run one statement of DuckDB's dialect. Raises: CannotAnswer where Spark refuses it."""
        from pyspark.sql.types import StructType

        if query.startswith(SET_ZONE):
            self._session.conf.set(ZONE, query.removeprefix(SET_ZONE).strip("'"))
            return SparkAnswer(StructType([]), [])
        key = (str(self._session.conf.get(ZONE)), query)
        if key not in self._kept:
            self._kept[key] = self._ask(to_spark(query))
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return SparkAnswer(*self._kept[key])

    def _ask(self, translated: str) -> tuple[StructType, list[tuple[Any, ...]]]:
        from pyspark.errors import PySparkException

        try:
            frame = self._session.sql(translated)
            return frame.schema, [tuple(row) for row in frame.collect()]
        except PySparkException as error:
            raise CannotAnswer(str(error).splitlines()[0]) from error


def _array(values: tuple[Any, ...], type_name: str) -> Any:
    """One column as DuckDB would give it."""
    import numpy as np

    kind, blank = {
        "boolean": (np.dtype(bool), False),
        "double": (np.dtype(np.float64), 0.0),
        "float": (np.dtype(np.float64), 0.0),
        "decimal": (np.dtype(np.float64), 0.0),
        "integer": (np.dtype(np.int64), 0),
        "long": (np.dtype(np.int64), 0),
        "byte": (np.dtype(np.int64), 0),
        "short": (np.dtype(np.int64), 0),
    }.get(type_name, (np.dtype(object), None))
    if type_name == "timestamp":  # handed out in this machine's zone, without saying so
        values = tuple(None if value is None else value.astimezone(UTC) for value in values)
    missing = np.asarray([value is None for value in values], dtype=bool)
    filled = np.asarray([blank if value is None else value for value in values], dtype=kind)
    return np.ma.masked_array(filled, mask=missing) if missing.any() else filled


@contextmanager
def open_spark(log: Log, where: str = "") -> Iterator[Engine]:
    """The engine over the newest snapshot of `log`.

    Args:
        where: the address of the cluster as Spark writes it: spark://host:7077, yarn, or by default local[*], all
            cores of this machine. The cluster must reach the log's files under the same address as this machine.

    Raises: InvalidInput where PySpark or Java is missing, saying what to install.
    """
    session, is_ours = _session(where or HERE, log)
    try:
        _make_views(session, log)
        yield SparkEngine(session)
    finally:
        if is_ours:
            session.stop()
        else:
            for name in session.catalog.listTables():
                session.catalog.dropTempView(name.name)


def _session(where: str, log: Log) -> tuple[SparkSession, bool]:
    """A session with views of its own, and whether the cluster's connection began here."""
    if find_spec("pyspark") is None:
        raise InvalidInput("Spark is not installed: pip install 'regard[spark]'.")
    java = os.environ.get("JAVA_HOME")
    if shutil.which(f"{java}/bin/java" if java else "java") is None:
        raise InvalidInput(
            "Spark needs Java 17 or 21, and none was found: install one (Debian: openjdk-17-jre-headless) or set JAVA_HOME."
        )
    from pyspark.sql import SparkSession

    known = SparkSession.getActiveSession()
    if known is not None:
        return known.newSession(), False
    builder = SparkSession.builder.master(where).appName("regard")
    quietly = f"-Dlog4j2.configurationFile=file:{quote(str(LOGGING))}"
    settings = {
        **SETTINGS,
        "spark.local.dir": str(log.temporary_folder),
        # Spark makes this folder, which stays empty, and otherwise where it was started.
        "spark.sql.warehouse.dir": str(log.temporary_folder / "spark-warehouse"),
        "spark.driver.extraJavaOptions": quietly,
    }
    if where.startswith("local"):
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate(), True


def _make_views(session: SparkSession, log: Log) -> None:
    snapshot = log.snapshot()
    for table in TABLES:
        name = "log" if table.name == "interactions" else f"all_{table.name}"
        frame = _frame(session, f"{log.url.rstrip('/')}/{table.name}", table, snapshot.files[table.name])
        frame.createOrReplaceTempView(name)
    _derive(session, "customers_now", views.CUSTOMERS_NOW)
    has_links = bool(session.table("customers_now").take(1))
    session.sql(to_spark(views.interactions(has_links=has_links))).createOrReplaceTempView("interactions")
    _derive(session, "memberships_now", views.memberships_now(has_links=has_links))
    _derive(session, "traits_now", views.traits_now(has_links=has_links))
    session.table("all_units").createOrReplaceTempView("units")
    _list_views(session)


def _frame(session: SparkSession, folder: str, table: Table, files: tuple[str, ...]) -> DataFrame:
    empty = session.sql(to_spark(views.nothing(table)))
    if not files:
        return empty
    return session.read.schema(empty.schema).option("basePath", folder).parquet(*files)


def _derive(session: SparkSession, name: str, query: str) -> None:
    """A view that every question may read: worked out once and kept in the cluster's memory."""
    session.sql(to_spark(query)).cache().createOrReplaceTempView(name)


def _list_views(session: SparkSession) -> None:
    """What `information_schema` tells elsewhere."""
    columns = [
        (table.name, column.name)
        for table in session.catalog.listTables()
        for column in session.catalog.listColumns(table.name)
    ]
    for name, rows, head in (
        ("tables", [f"('{table}')" for table in dict(columns)], "table_name"),
        ("columns", [f"('{table}', '{column}')" for table, column in columns], "table_name, column_name"),
    ):
        session.sql(f"SELECT * FROM VALUES {', '.join(rows)} AS listed ({head})").createOrReplaceTempView(
            f"information_schema_{name}"
        )


register(EngineKind("spark", "Spark, on a cluster or all cores of this machine", open_spark))
