"""What the warehouse is told about customers: who is joined with whom, traits and accounts.

The store is written first; the warehouse follows. Where a crash came in between, the rows whose version is above the
warehouse's are told again: the latest version wins, so telling twice does no harm.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from django.db import connection as store

from regard.apps.customers.models import Account, Identifier, Membership, Trait
from regard.apps.customers.resolution.state import State
from regard.apps.journal.consumers import Batch
from regard.apps.journal.queries import find_position
from regard.apps.journal.services import move_position

TOLD = "customers.told"  # Up to which segment the warehouse was told.
MOST_SAID = 500_000
PAGE = 100_000


class Said:
    """The latest traits and accounts by identity, so that what is repeated with every event is written once."""

    def __init__(self) -> None:
        self._values: dict[tuple[int, str], str] = {}

    def clear(self) -> None:
        """Forget all."""
        self._values.clear()

    def is_news(self, identity: int, name: str, value: str) -> bool:
        """Whether this was not the last that was said; remembers it."""
        if self._values.get((identity, name)) == value:
            return False
        if len(self._values) >= MOST_SAID:
            self._values.clear()
        self._values[identity, name] = value
        return True


def make_said(batch: Batch, said: Said) -> None:
    """Create `new_traits` (identity_id, name, value) and `new_accounts` (identity_id, account) from the batch."""
    connection = batch.connection
    traits = connection.execute(
        f"""SELECT identity_id, name, arg_max(value, place) FROM (
            SELECT identity_id, seq * 16777216 + position AS place, name,
                left(traits ->> ('/' || replace(replace(name, '~', '~0'), '/', '~1')), 1000) AS value
            FROM (SELECT *, unnest(json_keys(traits)) AS name FROM {batch.table}
                  WHERE traits IS NOT NULL AND identity_id IS NOT NULL AND json_type(traits) = 'OBJECT'))
        WHERE value IS NOT NULL AND name <> '' AND length(name) <= 200 GROUP BY 1, 2 ORDER BY 1, 2"""
    ).fetchall()
    accounts = connection.execute(
        f"""SELECT DISTINCT identity_id, left(account, 200) FROM {batch.table}
        WHERE account IS NOT NULL AND account <> '' AND identity_id IS NOT NULL ORDER BY 1, 2"""
    ).fetchall()
    traits = [row for row in traits if said.is_news(*row)]
    accounts = [row for row in accounts if said.is_news(row[0], f"\x1f{row[1]}", "")]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE new_traits AS SELECT unnest($1::BIGINT[]) AS identity_id, "
        "unnest($2::VARCHAR[]) AS name, unnest($3::VARCHAR[]) AS value",
        [[row[i] for row in traits] for i in range(3)],
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE new_accounts AS SELECT unnest($1::BIGINT[]) AS identity_id, "
        "unnest($2::VARCHAR[]) AS account",
        [[row[i] for row in accounts] for i in range(2)],
    )


TRAIT = """insert into customers_trait (identity_id, name, value, version) values (%s, %s, %s, %s)
on conflict (identity_id, name) do update set value = excluded.value, version = excluded.version"""
MEMBERSHIP = """insert into customers_membership (identity_id, account, version) values (%s, %s, %s)
on conflict do nothing"""


def write_said(batch: Batch) -> None:
    """Write `new_traits` and `new_accounts` to the store, in the caller's transaction."""
    version = batch.last_seq
    traits = batch.connection.execute("SELECT identity_id, name, value FROM new_traits").fetchall()
    accounts = batch.connection.execute("SELECT identity_id, account FROM new_accounts").fetchall()
    Account.objects.bulk_create(
        [Account(key=key) for key in sorted({a for _, a in accounts})], ignore_conflicts=True
    )
    with store.cursor() as cursor:
        if traits:
            cursor.executemany(TRAIT, [(*row, version) for row in traits])
        if accounts:
            cursor.executemany(MEMBERSHIP, [(*row, version) for row in accounts])


def append(batch: Batch, state: State, moved: Collection[int]) -> None:
    """Tell the warehouse what this batch changed."""
    connection, version = batch.connection, batch.last_seq
    ids = np.array(sorted(moved), dtype=np.int64)
    connection.register("moved_identities", {"identity_id": ids, "customer_id": state.customer[ids]})
    _append(batch, {
        "identities": f"SELECT identity_id, customer_id, {version} AS version FROM moved_identities" if moved else "",
        "memberships": f"SELECT identity_id, account, {version} AS version FROM new_accounts",
        "traits": f"SELECT identity_id, name, value, {version} AS version FROM new_traits",
    })  # fmt: skip
    connection.unregister("moved_identities")
    move_position(TOLD, seq=version, epoch=batch.epoch)


def append_missing(batch: Batch) -> None:
    """Tell the warehouse what the store knows and it does not, as after a crash or in a new epoch."""
    told = find_position(TOLD, epoch=batch.epoch)
    if told >= find_position("customers", epoch=batch.epoch) and told:
        return
    relations = {}
    for name, model, columns in (
        ("identities", Identifier, ("identity_id", "customer_id", "version")),
        ("memberships", Membership, ("identity_id", "account", "version")),
        ("traits", Trait, ("identity_id", "name", "value", "version")),
    ):
        rows = list(model.objects.filter(version__gt=told).values_list(*columns))
        table = f"missing_{name}"
        types = ["VARCHAR" if column in ("account", "name", "value") else "BIGINT" for column in columns]
        listed = ", ".join(f"unnest(${i + 1}::{types[i]}[]) AS {column}" for i, column in enumerate(columns))
        batch.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {listed}",
            [[row[i] for row in rows] for i in range(len(columns))],
        )
        relations[name] = f"SELECT * FROM {table}" if rows else ""
    if any(relations.values()):
        _append(batch, relations, consumer="customers.missing", position=batch.last_seq)


def _append(
    batch: Batch, relations: dict[str, str], *, consumer: str = "customers", position: int | None = None
) -> None:
    appends = {
        "identities": batch.log.append_identities,
        "memberships": batch.log.append_memberships,
        "traits": batch.log.append_traits,
    }
    with batch.fence.held():
        batch.fence.check()
        for name, relation in relations.items():
            if relation and batch.connection.execute(f"SELECT count(*) FROM ({relation})").fetchall() != [
                (0,)
            ]:
                appends[name](
                    batch.connection,
                    relation,
                    consumer=consumer,
                    epoch=batch.epoch,
                    position=batch.last_seq if position is None else position,
                )
