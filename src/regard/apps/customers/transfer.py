"""Identifiers, links, traits and accounts as rows of a folder, and back into an empty Regard under the same numbers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from regard.apps.customers.models import Account, Decision, Identifier, Link, Membership, Split, Trait
from regard.apps.customers.policy import Kind
from regard.apps.customers.resolution.digests import digest_of

_AT_ONCE = 5_000
# All that is brought back was known before the first segment of the new journal changes anything.
_VERSION = 1
KEPT_DECISIONS = ("join", "split")


def rows_of(part: str) -> Iterator[tuple[Any, ...]]:
    """The rows of one part, in the order of its columns."""
    queries = {
        "identities": Identifier.objects.order_by("identity_id").values_list(
            "identity_id", "kind", "source", "value", "customer_id", "is_shared"
        ),
        "links": Link.objects.order_by("id").values_list("primary_id", "target_id", "source", "is_cut"),
        "traits": Trait.objects.order_by("identity_id", "name").values_list("identity_id", "name", "value"),
        "memberships": Membership.objects.order_by("identity_id", "account").values_list(
            "identity_id", "account"
        ),
        "splits": Split.objects.order_by("id").values_list("identity_id", "customer_id", "reason"),
        "decisions": Decision.objects.filter(kind__in=KEPT_DECISIONS)
        .order_by("id")
        .values_list("kind", "payload", "made_at", "applied_seq"),
    }
    rows = queries[part].iterator(chunk_size=_AT_ONCE)
    return (_as_text(row) for row in rows) if part == "decisions" else iter(rows)


def _as_text(row: tuple[Any, ...]) -> tuple[Any, ...]:
    kind, payload, made_at, applied_seq = row
    return kind, json.dumps(payload), made_at.isoformat(), applied_seq is not None


def is_empty() -> bool:
    """Whether nobody is known yet."""
    return not Identifier.objects.exists()


def bring_back(part: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Store rows of one part under the numbers they had."""
    with transaction.atomic():
        _KEEPERS[part](rows)


def _keep_identities(rows: Sequence[tuple[Any, ...]]) -> None:
    kinds = {kind.key: kind for kind in Kind}
    Identifier.objects.bulk_create(
        Identifier(
            identity_id=identity,
            kind=kind,
            source=source or "",
            value=value,
            digest=digest_of(settings.REGARD.secret, kinds[kind], source or "", value),
            customer_id=customer,
            is_shared=shared,
            version=_VERSION,
        )
        for identity, kind, source, value, customer, shared in rows
    )


def _keep_links(rows: Sequence[tuple[Any, ...]]) -> None:
    Link.objects.bulk_create(
        Link(primary_id=primary, target_id=target, source=source or "", seq=0, position=0, is_cut=cut)
        for primary, target, source, cut in rows
    )


def _keep_traits(rows: Sequence[tuple[Any, ...]]) -> None:
    Trait.objects.bulk_create(
        Trait(identity_id=identity, name=name, value=value or "", version=_VERSION)
        for identity, name, value in rows
    )


def _keep_memberships(rows: Sequence[tuple[Any, ...]]) -> None:
    accounts = sorted({account for _, account in rows})
    Account.objects.bulk_create([Account(key=key) for key in accounts], ignore_conflicts=True)
    Membership.objects.bulk_create(
        Membership(identity_id=identity, account=account, version=_VERSION) for identity, account in rows
    )


def _keep_splits(rows: Sequence[tuple[Any, ...]]) -> None:
    # Numbered downwards from nought: they happened before this journal's first segment, each by itself.
    first = -Split.objects.count()
    Split.objects.bulk_create(
        Split(identity_id=identity, customer_id=customer, reason=reason, seq=first - number)
        for number, (identity, customer, reason) in enumerate(rows)
    )


def _keep_decisions(rows: Sequence[tuple[Any, ...]]) -> None:
    """Those carried out are history, since links say what came of them; those that wait are carried out here."""
    Decision.objects.bulk_create(
        Decision(
            kind=kind,
            payload=json.loads(payload),
            made_at=datetime.fromisoformat(made_at),
            applied_seq=0 if is_applied else None,
        )
        for kind, payload, made_at, is_applied in rows
    )


_KEEPERS: dict[str, Callable[[Sequence[tuple[Any, ...]]], None]] = {
    "identities": _keep_identities,
    "links": _keep_links,
    "traits": _keep_traits,
    "memberships": _keep_memberships,
    "splits": _keep_splits,
    "decisions": _keep_decisions,
}
