"""What people decided about customers, carried out by the projector in its turn: it alone changes who is who."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from regard.apps.customers.models import Decision, Erasure, Link, Split
from regard.apps.customers.resolution.state import State
from regard.apps.customers.resolution.store import write_changes
from regard.apps.journal.consumers import Batch


def apply_decisions(state: State, batch: Batch) -> None:
    """Carry out the decisions that wait, oldest first."""
    for decision in Decision.objects.filter(applied_seq=None).order_by("id"):
        # Made in a transaction of its own with the note that it is done: a crash leaves both or neither.
        with transaction.atomic():
            batch.fence.check()
            changed = KINDS[decision.kind](state, decision.payload, batch.last_seq)
            write_changes(state, changed, version=batch.last_seq)
            Decision.objects.filter(pk=decision.pk).update(applied_seq=batch.last_seq)
        _tell(batch, state, changed, decision.pk)


def _tell(batch: Batch, state: State, changed: set[int], number: int) -> None:
    ids = np.array(sorted(changed), dtype=np.int64)
    if len(ids):
        batch.connection.register("decided", {"identity_id": ids, "customer_id": state.customer[ids]})
        relation = f"SELECT identity_id, customer_id, {batch.last_seq} AS version FROM decided"
        batch.log.append_identities(
            batch.connection, relation, consumer="customers.decisions", epoch=batch.epoch, position=number
        )
        batch.connection.unregister("decided")


def _join(state: State, payload: Mapping[str, Any], seq: int) -> set[int]:
    """Join two customers by their word."""
    low, high = sorted((int(payload["one"]), int(payload["other"])))
    if high >= state.n:
        return set()
    Link.objects.update_or_create(
        target_id=high,
        primary_id=low,
        defaults={"source": "", "seq": 0, "position": 0, "is_cut": False},
    )
    keys = np.array([high], dtype=np.uint64), np.array([low], dtype=np.uint64)
    if state.links.find(*keys)[0] < 0:
        state.links.add(*keys, np.zeros(1, dtype=np.int64))
    state.cut.discard((high, low))
    return set(state.join(high, low))


def _split(state: State, payload: Mapping[str, Any], seq: int) -> set[int]:
    """Part some identities of a customer from the rest: the links between the two sides are cut."""
    apart = {int(identity) for identity in payload["identities"] if int(identity) < state.n}
    members = {member for identity in apart for member in state.members(identity)}
    for target, primary in _links_of(state, members):
        if (target in apart) != (primary in apart):
            state.cut.add((target, primary))
            Link.objects.filter(target_id=target, primary_id=primary).update(is_cut=True)
    Split.objects.bulk_create(
        [
            Split(identity_id=identity, customer_id=int(state.customer[identity]), reason="decided", seq=seq)
            for identity in sorted(apart)
        ],
        ignore_conflicts=True,
    )
    return set(state.regroup(members))


def _forget(state: State, payload: Mapping[str, Any], seq: int) -> set[int]:
    """Erase a customer, as an earlier release asked for it."""
    customer = int(payload["customer"])
    Erasure.objects.create(kind="customer", asked_at=timezone.now(), identities=[customer])
    return set()


def _links_of(state: State, members: Collection[int]) -> list[tuple[int, int]]:
    """The links with one of `members` at either end: (target, primary)."""
    ids = np.array(sorted(members), dtype=np.uint64)
    found = (state.links.with_high(ids), state.links.with_low(ids))
    return sorted({pair for high, low in found for pair in zip(high.tolist(), low.tolist(), strict=True)})


KINDS = {"join": _join, "split": _split, "forget": _forget}
