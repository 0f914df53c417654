"""The resolver's knowledge in the operational store: read by arrays at start, written in short transactions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Max

from regard.apps.customers.models import Erasure
from regard.apps.customers.policy import SHARED, Kind
from regard.apps.customers.resolution.index import Keys, Numbers
from regard.apps.customers.resolution.resolver import Outcome
from regard.apps.customers.resolution.state import State
from regard.apps.customers.writing import change, insert

PAGE = 200_000

KEYS = {int(kind): kind.key for kind in Kind}
KIND_NUMBER = "case kind " + " ".join(f"when '{kind.key}' then {int(kind)}" for kind in Kind) + " else 0 end"
JOINED = {
    "sqlite": ("group_concat(hex({}), '')", "group_concat({})", "group_concat({}, char(31))"),
    "postgresql": (
        "string_agg(encode({}, 'hex'), '')",
        "string_agg(({})::text, ',')",
        "string_agg({}, chr(31))",
    ),
}


def load_state() -> State:
    """Everything known, from the store."""
    state = State()
    _load_identifiers(state)
    _load_links(state)
    # A number once given is never given to somebody else, also where the last of them were erased.
    state.n = max(state.n, (Erasure.objects.aggregate(last=Max("highest"))["last"] or 0) + 1)
    state.grow(state.n)
    return state


def _pages(
    table: str, key: str, binary: Sequence[str], numbers: Sequence[str], texts: Sequence[str]
) -> Iterator[Any]:
    """Pages of a table, each column joined to one text by the database: no object for each row."""
    joined = JOINED[connection.vendor]
    columns = [joined[0].format(c) for c in binary]
    columns += [joined[1].format(c) for c in numbers] + [joined[2].format(c) for c in texts]
    sql = f"select max({key}), {', '.join(columns)} from (select * from {table} where {key} > %s order by {key} limit {PAGE}) as page"
    last = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [last])
            row = cursor.fetchone()
        if row is None or row[0] is None:
            return
        last = row[0]
        yield row[1:]


def _numbers(text: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.fromstring(text, sep=",", dtype=np.int64)


def _load_identifiers(state: State) -> None:
    numbers = ("identity_id", "customer_id", KIND_NUMBER, "case when is_shared then 1 else 0 end", "first_at")
    rings = []
    for page in _pages("customers_identifier", "identity_id", ("digest",), numbers, ("source",)):
        halves = np.frombuffer(bytes.fromhex(page[0]), dtype=">u8").reshape(-1, 2).astype(np.uint64)
        ids, customers, kinds, shared, first_at = (_numbers(text) for text in page[1:6])
        names = page[6].split("\x1f")
        sources = np.fromiter(
            (state.source_number(name) if name else 0 for name in names), dtype=np.int32, count=len(names)
        )
        state.add_identifiers(ids, halves[:, 0], halves[:, 1], kinds.astype(np.int8), sources, first_at)
        state.customer[ids] = customers
        state.marks[ids] = np.where(shared > 0, np.int8(SHARED), np.int8(0))
        joined = ids != customers
        rings.append(np.column_stack([ids[joined], customers[joined]]))
    for identity, customer in np.concatenate([np.empty((0, 2), dtype=np.int64), *rings]).tolist():
        state.next[identity], state.next[customer] = state.next[customer], identity


def _load_links(state: State) -> None:
    numbers = ("id", "target_id", "primary_id", "case when is_cut then 1 else 0 end")
    for page in _pages("customers_link", "id", (), numbers, ()):
        _, targets, primaries, cut = (_numbers(text) for text in page)
        state.add_links(targets, primaries)
        chosen = np.flatnonzero(cut)
        state.cut.update(zip(targets[chosen].tolist(), primaries[chosen].tolist(), strict=True))


IDENTIFIER = """insert into customers_identifier
(identity_id, kind, source, value, digest, customer_id, is_shared, first_at, version)
values {} on conflict do nothing"""
CHANGED = (
    "update customers_identifier set customer_id = %s, is_shared = %s, version = %s where identity_id = %s"
)
SPLIT = "insert into customers_split (identity_id, customer_id, reason, seq) values (%s, %s, %s, %s) on conflict do nothing"
LINK = """insert into customers_link (target_id, primary_id, source, seq, position, is_cut)
values {} on conflict do nothing"""


@dataclass(frozen=True, slots=True)
class NewIdentifiers:
    """Identifiers that were never seen before, by identity, each as an element of these.

    Args:
        sources, values: as the store keeps them; high, low: the halves of their hashes; places: in the journal.
    """

    ids: Numbers
    sources: list[str]
    values: list[str]
    high: Keys
    low: Keys
    places: Numbers


def write_outcome(
    state: State,
    outcome: Outcome,
    *,
    new: NewIdentifiers,
    links: Sequence[tuple[Any, ...]],
    version: int,
    check: Callable[[], None],
) -> None:
    """Write a batch's outcome in chunks, each its own short transaction.

    Identifiers come first, then what changed, then the links: whichever step a crash cuts short, the same batch
    gives the same outcome when it is done again.

    Args:
        new: the new identifiers.
        links: (target, primary, source, seq, position).
        check: called inside each transaction; raises where the writer may no longer write.
    """
    splits = [(identity, customer, "shared", version) for identity, customer in outcome.splits]
    insert(IDENTIFIER, list(_identifiers(state, new, version)), check)
    change(SPLIT, splits, check)
    change(CHANGED, [_changed(state, identity, version) for identity in sorted(outcome.changed)], check)
    insert(LINK, [(*link, False) for link in links], check)


def write_changes(state: State, changed: Collection[int], *, version: int) -> None:
    """Write the customers of identities that were there before, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.executemany(CHANGED, [_changed(state, identity, version) for identity in sorted(changed)])


def _identifiers(state: State, new: NewIdentifiers, version: int) -> Iterator[tuple[Any, ...]]:
    ids = new.ids
    if not len(ids):
        return iter(())
    customers = state.customer[ids]
    digests = np.column_stack([new.high, new.low]).astype(">u8").view("V16").ravel()
    return zip(
        ids.tolist(),
        map(KEYS.__getitem__, state.kind[ids].tolist()),
        new.sources,
        new.values,
        digests.tolist(),
        customers.tolist(),
        ((state.marks[ids] & SHARED) != 0).tolist(),
        new.places.tolist(),
        np.where(customers != ids, version, 0).tolist(),
        strict=True,
    )


def _changed(state: State, identity: int, version: int) -> tuple[Any, ...]:
    return int(state.customer[identity]), bool(state.marks[identity] & SHARED), version, identity
