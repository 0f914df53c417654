"""A file as a log: the warehouse's views over one file, without a server, a folder or an import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from regard.kernel.errors import InvalidInput
from regard.metrics.dimensions import ATTRIBUTE, FILTER_COLUMNS, TRAIT

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from regard.warehouse.files.mapping import Mapping as FileMapping
    from regard.warehouse.files.unreadable import Gathered

SOURCE = "file"
IDENTIFIERS = ("user_id", "anonymous_id", "email", "phone")


@dataclass(frozen=True, slots=True)
class FileLog:
    """A file read into views.

    Args:
        connection: offers the same views as the warehouse.
        n_rows: interactions; n_known: those that came twice and count once; n_rejected: rows set aside.
        reasons: why rows were set aside, the most frequent first, with how many.
        last_at: the file's last instant, None where it is empty.
        called: under the names of the file's columns the dimensions that they became.
        notes: why each column was taken for what it is, where that was guessed, and what should be looked at.
    """

    connection: DuckDBPyConnection
    n_rows: int
    n_known: int
    n_rejected: int
    reasons: tuple[tuple[str, int], ...]
    last_at: datetime | None
    called: Mapping[str, str]
    notes: tuple[str, ...] = ()


@contextmanager
def file_log(
    path: Path, mapping: Path | None, *, zone: ZoneInfo, currency: str | None, now: datetime
) -> Iterator[FileLog]:
    """The views over the file `path`; closed afterwards.

    Args:
        mapping: a file that says which column is what; None to guess.
        zone, currency: of times and amounts that name none.

    A row belongs to the customer of its first identifier (user id, anonymous id, e-mail, phone); an e-mail, phone or
    anonymous id that came with exactly one other identifier belongs to that one's customer.
    """
    from regard.warehouse.engines.duckdb import connect, over_tables
    from regard.warehouse.files.declared import read_mapping
    from regard.warehouse.files.reader import open_file
    from regard.warehouse.files.unreadable import gather

    reader = open_file(
        path,
        read_mapping(mapping) if mapping else None,
        source=SOURCE,
        default_zone=zone.key,
        default_currency=currency,
        now=now,
    )
    with connect(None) as connection:
        rejected: list[Gathered] = []
        n_read = 0
        for batch in reader.batches(connection):
            _keep(connection, batch.incoming, first=n_read == 0)
            n_read += 1
            refused = connection.execute(
                f"SELECT reason, count(*), min(line), '' FROM {batch.rejected} GROUP BY reason"
            ).fetchall()
            rejected = gather([*((one.reason, one.n, one.line, "") for one in rejected), *refused])
        if n_read == 0:
            raise InvalidInput(f"There is nothing to read in {path}: it has no rows. Name another file.")
        n_known = _identify(connection)
        over_tables(connection, "given")
        _keep_traits(connection)
        n_rows, last_at = connection.execute("SELECT count(*), max(occurred_at) FROM given").fetchone() or (
            0,
            None,
        )
        ordered = tuple((one.reason, one.n) for one in rejected)
        n_rejected = sum(one.n for one in rejected)
        called = _called(reader.mapping, reader.columns)
        yield FileLog(
            connection, n_rows, n_known, n_rejected, ordered, last_at, called, reader.mapping.reasons
        )


def _called(mapping: FileMapping, columns: tuple[str, ...]) -> dict[str, str]:
    fields = {
        found.column: name
        for name, found in mapping.fields.items()
        if found.column not in (None, name) and name in FILTER_COLUMNS
    }
    traits = {column: f"{TRAIT}.{name}" for name, column in mapping.traits.items()}
    return fields | traits | {name: f"{ATTRIBUTE}.{name}" for name in mapping.attribute_columns(columns)}


def _keep(connection: DuckDBPyConnection, incoming: str, *, first: bool) -> None:
    verb = "CREATE OR REPLACE TABLE read_rows AS" if first else "INSERT INTO read_rows"
    connection.execute(f"{verb} SELECT * FROM {incoming}")


def _identify(connection: DuckDBPyConnection) -> int:
    """Give every row its customer's number; returns how many rows came twice."""
    keyed = ", ".join(f"'{name}' || chr(31) || {name}" for name in IDENTIFIERS)
    others = " UNION ALL ".join(
        f"SELECT '{name}' || chr(31) || {name} AS other, coalesce({keyed}) AS main FROM read_rows WHERE {name} IS NOT NULL"
        for name in IDENTIFIERS[1:]
    )
    connection.execute(
        f"""CREATE OR REPLACE TABLE same AS
            SELECT other, min(main) AS main FROM ({others}) WHERE other <> main
            GROUP BY other HAVING count(DISTINCT main) = 1"""
    )
    twice = connection.execute("SELECT count(*) - count(DISTINCT interaction_id) FROM read_rows").fetchone()
    n_known = int(twice[0]) if twice else 0
    once = "DISTINCT ON (interaction_id)" if n_known else ""
    # 63 bits of MD5: two of a hundred million identifiers meet with a chance of one in a thousand.
    connection.execute(
        f"""CREATE OR REPLACE TABLE given AS SELECT {once} entry.*,
                (md5_number_lower(coalesce(same.main, coalesce({keyed}))) >> 1)::BIGINT AS identity_id
            FROM read_rows AS entry LEFT JOIN same ON same.other = coalesce({keyed})"""
    )
    connection.execute("DROP TABLE read_rows")
    connection.execute("DROP TABLE same")
    return n_known


def _keep_traits(connection: DuckDBPyConnection) -> None:
    """Traits and accounts as the file tells them; of a trait the latest value counts."""
    connection.execute(
        """CREATE OR REPLACE TABLE traits_now AS
           SELECT identity_id AS customer_id, name, arg_max(traits ->> ('$."' || name || '"'), occurred_at) AS value
           FROM (SELECT identity_id, occurred_at, traits, unnest(json_keys(traits)) AS name FROM given
                 WHERE traits IS NOT NULL AND identity_id IS NOT NULL AND json_valid(traits))
           GROUP BY identity_id, name"""
    )
    connection.execute(
        """CREATE OR REPLACE TABLE memberships_now AS
           SELECT DISTINCT identity_id AS customer_id, account FROM given
           WHERE account IS NOT NULL AND identity_id IS NOT NULL"""
    )


def after(moment: datetime) -> datetime:
    """The first instant that is later than `moment`, for a period that includes it."""
    return moment + timedelta(microseconds=1)
