"""What may be done to customers: join, split, forget. Each is carried out by the projector in its turn.

The projector alone changes who is who, since it holds all of it in memory; a request waits for the next batch, and
`is_waiting` tells whether it still does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from regard.apps.customers.models import Decision, Identifier
from regard.apps.customers.queries import timeline_ids
from regard.kernel.errors import InvalidInput


def join(one: int, other: int, *, now: datetime | None = None) -> int:
    """Ask that two customers become one; returns the decision's id. `split` undoes it."""
    _known([one, other])
    if one == other:
        raise InvalidInput("A customer cannot be joined with itself.")
    return _decide("join", {"one": one, "other": other}, now)


def split(customer_id: int, identities: Sequence[int], *, now: datetime | None = None) -> int:
    """Ask that some identities of a customer become another; returns the decision's id. `join` undoes it.

    Args:
        identities: the ones to part, neither none nor all of the customer's.
    """
    members = set(timeline_ids(customer_id))
    strangers = sorted(set(identities) - members)
    if strangers:
        raise InvalidInput(f"These identities do not belong to customer {customer_id}: {strangers}.")
    if not identities or set(identities) == members:
        raise InvalidInput("Name some of the customer's identities, not none and not all.")
    return _decide("split", {"identities": sorted(set(identities))}, now)


def forget(customer_id: int, *, now: datetime | None = None) -> int:
    """Ask that everything this slice knows of a customer be erased; returns the decision's id.

    Keyed hashes of the identifiers stay, so that a restored backup can be erased again.
    """
    _known([customer_id])
    return _decide("forget", {"customer": customer_id}, now)


def is_waiting(decision_id: int) -> bool:
    """Whether the projector has still to carry out a decision."""
    return Decision.objects.filter(pk=decision_id, applied_seq=None).exists()


def _known(customers: Sequence[int]) -> None:
    known = set(Identifier.objects.filter(identity_id__in=customers).values_list("identity_id", flat=True))
    missing = sorted(set(customers) - known)
    if missing:
        raise InvalidInput(f"There is no customer {missing[0]}.")


def _decide(kind: str, payload: dict[str, object], now: datetime | None) -> int:
    return int(Decision.objects.create(kind=kind, payload=payload, made_at=now or datetime.now(UTC)).pk)
