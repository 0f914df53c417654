"""The consumer `customers`: gives each interaction its identity and joins what it shows to be one."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction

from regard.apps.customers import statements
from regard.apps.customers.decisions import apply_decisions
from regard.apps.customers.resolution.digests import COLUMNS, hashes_of, make_who
from regard.apps.customers.resolution.index import Numbers
from regard.apps.customers.resolution.resolver import WIDTH, Outcome, Rows, resolve
from regard.apps.customers.resolution.state import State
from regard.apps.customers.resolution.store import NewIdentifiers, load_state, write_outcome
from regard.apps.journal.consumers import CONSUMERS, Batch
from regard.apps.journal.queries import find_position
from regard.warehouse.log import Log

POSITIONS = 2**24  # A place in the journal as one number: segment * this + position.


class Customers:
    """Keeps every identifier in memory; its position moves after all that a batch showed is in the store."""

    key = "customers"
    order = 10

    def __init__(self) -> None:
        self._state: State | None = None
        self._said = statements.Said()

    def position(self, epoch: str, log: Log) -> int:
        """See Consumer."""
        return find_position(self.key, epoch=epoch)

    def forget_memory(self) -> None:
        """See Consumer."""
        self._state = None
        self._said.clear()

    def apply(self, batch: Batch) -> None:
        """See Consumer."""
        is_done = self.position(batch.epoch, batch.log) >= batch.last_seq
        is_fresh = self._state is None
        state = self._state = self._state or load_state()
        if is_fresh and not batch.is_trial:
            # What the store knows and the warehouse does not yet, where a crash came in between.
            statements.append_missing(batch)
        if not is_done and not batch.is_trial:
            apply_decisions(state, batch)
        make_who(batch.connection, batch.table, settings.REGARD.secret)
        rows = _rows(state, batch)
        outcome = resolve(state, rows)
        _add_identities(batch, outcome.identity)
        if is_done:
            return
        if batch.is_trial:
            with transaction.atomic():
                self._write(batch, state, rows, outcome, said=statements.Said())
                transaction.set_rollback(True)
            return
        self._write(batch, state, rows, outcome, said=self._said)
        statements.append(batch, state, outcome.moved)

    def _write(
        self, batch: Batch, state: State, rows: Rows, outcome: Outcome, *, said: statements.Said
    ) -> None:
        """What the batch showed, then the position: a crash in between does the batch again, to the same end."""
        statements.make_said(batch, said)
        if len(outcome.new_ids) or outcome.links or outcome.changed:
            write_outcome(
                state,
                outcome,
                new=_new_identifiers(batch, outcome, rows),
                links=_links(batch, outcome),
                version=batch.last_seq,
                check=batch.fence.check,
            )
        with transaction.atomic():
            statements.write_said(batch)
            batch.advance(self.key)


def _rows(state: State, batch: Batch) -> Rows:
    high, low = hashes_of(batch.connection)
    columns = batch.connection.execute(
        f"SELECT coalesce(source, '') AS source, coalesce(is_browser, false) AS is_browser, "
        f"seq * {POSITIONS} + position AS place FROM who"
    ).fetchnumpy()
    numbers = {name: state.source_number(name) for name in _sources(batch)}
    sources = np.zeros(len(high), dtype=np.int32)
    if len(numbers) == 1:
        sources[:] = next(iter(numbers.values()))
    else:
        sources[:] = [numbers[name] for name in columns["source"]]
    return Rows(
        high,
        low,
        sources,
        np.asarray(columns["is_browser"], dtype=np.bool_),
        np.asarray(columns["place"], dtype=np.int64),
    )


def _sources(batch: Batch) -> list[str]:
    found = batch.connection.execute("SELECT DISTINCT coalesce(source, '') FROM who ORDER BY 1").fetchall()
    return [name for (name,) in found]


def _add_identities(batch: Batch, identity: Numbers) -> None:
    """Put the column `identity_id` beside the batch's rows; both stand in the order of the journal."""
    batch.connection.register("given_identities", {"identity_id": identity})
    batch.connection.execute(
        "CREATE OR REPLACE TEMP TABLE row_identities AS SELECT nullif(identity_id, 0) AS identity_id FROM given_identities"
    )
    batch.connection.unregister("given_identities")
    batch.connection.execute(
        f"CREATE OR REPLACE TEMP VIEW identified AS SELECT * FROM {batch.table} POSITIONAL JOIN row_identities"
    )
    batch.table = "identified"


def _new_identifiers(batch: Batch, outcome: Outcome, rows: Rows) -> NewIdentifiers:
    """What the store keeps of new identifiers beside what the resolver knows of them."""
    row, slot = np.divmod(outcome.new_places, WIDTH)
    batch.connection.register("new_places", {"id": outcome.new_ids, "row": row, "slot": slot})
    cases = " ".join(f"WHEN {number} THEN {name}" for number, name in enumerate(COLUMNS))
    found = batch.connection.execute(
        f"""SELECT CASE WHEN n.slot IN (1, 2) THEN '' ELSE w.source END AS source,
            left(CASE n.slot {cases} END, 500) AS value FROM new_places n JOIN who w ON w.rowid = n.row ORDER BY n.id"""
    ).fetchnumpy()
    batch.connection.unregister("new_places")
    return NewIdentifiers(
        outcome.new_ids,
        np.asarray(found["source"]).tolist(),
        np.asarray(found["value"]).tolist(),
        rows.high.ravel()[outcome.new_places],
        rows.low.ravel()[outcome.new_places],
        rows.at[row],
    )


def _links(batch: Batch, outcome: Outcome) -> list[tuple[Any, ...]]:
    """The links with their evidence: (target, primary, source, seq, position)."""
    if not outcome.links:
        return []
    wanted = np.array([row for _, _, row in outcome.links], dtype=np.int64)
    batch.connection.register("link_rows", {"row": wanted, "n": np.arange(len(wanted))})
    found = batch.connection.execute(
        "SELECT w.source, w.seq, w.position FROM link_rows l JOIN who w ON w.rowid = l.row ORDER BY l.n"
    ).fetchall()
    batch.connection.unregister("link_rows")
    return [
        (target, primary, *place) for (target, primary, _), place in zip(outcome.links, found, strict=True)
    ]


CONSUMERS.register(Customers())
