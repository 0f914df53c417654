"""Whom an erasure is about, and their rows in this slice: what the first step deletes in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db.models import Q

from regard.apps.customers import indexing
from regard.apps.customers.models import Account, Erased, Erasure, Identifier, Link, Membership, Split, Trait
from regard.apps.customers.queries import customer_of, timeline_ids
from regard.warehouse.engines import duckdb
from regard.warehouse.log import Log

AT_ONCE = 500
Item = TypeVar("Item")


def members_of(identity: int) -> list[int]:
    """The identities of whoever `identity` belongs to, and the shared ones that only they were seen with."""
    current = customer_of(identity)
    if current is None:
        return []
    members = set(timeline_ids(current))
    return sorted(members | _shared_by_nobody_else(members))


def identities_erased_before() -> list[int]:
    """The identities whose identifier was erased before, as a restored store holds them again."""
    digests = list(Erased.objects.values_list("digest", flat=True))
    found: list[int] = []
    for part in parts(digests):
        rows = Identifier.objects.filter(digest__in=part)
        found += rows.values_list("identity_id", flat=True)
    return sorted(found)


def identities_only_in(start: datetime, end: datetime) -> list[int]:
    """The identities of customers all of whose interactions happened in a period."""
    with duckdb.connect(Log.open(settings.REGARD.warehouse_url)) as connection:
        rows = connection.execute(
            """SELECT customer_id FROM interactions WHERE customer_id IS NOT NULL GROUP BY customer_id
               HAVING bool_and(occurred_at >= $1 AND occurred_at < $2) ORDER BY customer_id""",
            [start, end],
        ).fetchall()
    found: list[int] = []
    for part in parts([customer for (customer,) in rows]):
        found += Identifier.objects.filter(customer_id__in=part).values_list("identity_id", flat=True)
    return sorted(found)


def keep_hashes(erasure: Erasure, identities: Sequence[int], now: datetime) -> int:
    """Write down the hashes of the identifiers of `identities`, in the caller's transaction. Returns how many."""
    n = 0
    for part in parts(identities):
        rows = Identifier.objects.filter(identity_id__in=part).values_list("digest", flat=True)
        hashes = [Erased(digest=bytes(digest), erased_at=now, erasure=erasure) for digest in rows]
        Erased.objects.bulk_create(
            hashes, update_conflicts=True, unique_fields=["digest"], update_fields=["erasure"]
        )
        n += len(hashes)
    return n


def delete_rows(identities: Sequence[int]) -> dict[str, int]:
    """Delete what this slice knows of `identities`, in the caller's transaction. Returns how many rows by place."""
    found = {"identifiers": 0, "links": 0, "traits": 0, "accounts": 0}
    accounts: set[str] = set()
    for part in parts(identities):
        memberships = Membership.objects.filter(identity_id__in=part)
        accounts |= set(memberships.values_list("account", flat=True))
        found["accounts"] += memberships.delete()[0]
        found["traits"] += Trait.objects.filter(identity_id__in=part).delete()[0]
        found["links"] += Link.objects.filter(Q(target_id__in=part) | Q(primary_id__in=part)).delete()[0]
        Split.objects.filter(Q(identity_id__in=part) | Q(customer_id__in=part)).delete()
        indexing.forget(part)
        found["identifiers"] += Identifier.objects.filter(identity_id__in=part).delete()[0]
    for some in parts(sorted(accounts)):
        still = set(Membership.objects.filter(account__in=some).values_list("account", flat=True))
        Account.objects.filter(key__in=set(some) - still).delete()
    return found


def count_rows(identities: Sequence[int]) -> int:
    """How many rows this slice still has of `identities`."""
    models = (Identifier, Trait, Membership)
    return sum(
        model.objects.filter(identity_id__in=part).count() for part in parts(identities) for model in models
    )


def parts(items: Sequence[Item], size: int = AT_ONCE) -> Iterator[Sequence[Item]]:
    """The items, some hundred at a time: a store takes only so many in one question."""
    for first in range(0, len(items), size):
        yield items[first : first + size]


def _shared_by_nobody_else(members: Collection[int]) -> set[int]:
    """Shared e-mails and phones linked with nobody but `members`: they are theirs alone by now."""
    near: set[int] = set()
    for part in parts(sorted(members)):
        for target, primary in _links(part):
            near |= {target, primary} - set(members)
    shared = set(
        Identifier.objects.filter(identity_id__in=near, is_shared=True).values_list("identity_id", flat=True)
    )
    linked_with_others = {
        one
        for part in parts(sorted(shared))
        for pair in _links(part)
        for one in pair
        if one in shared and not set(pair) - {one} <= set(members)
    }
    return shared - linked_with_others


def _links(identities: Sequence[int]) -> list[tuple[int, int]]:
    rows = Link.objects.filter(Q(target_id__in=identities) | Q(primary_id__in=identities))
    return list(rows.values_list("target_id", "primary_id"))
