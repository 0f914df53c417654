"""By what customers are found and called: their identifiers and the accounts they belong to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import F

from regard.apps.customers.models import Account, Identifier, Membership
from regard.apps.customers.queries import IdentifierCard

# The kinds of identifier by which people know somebody best, first to last.
CALLED_BY = ("email", "phone", "user", "anonymous")


@dataclass(frozen=True, slots=True)
class Name:
    """By what a customer is called in a list: the identifier that says most. Personal: `value`."""

    customer_id: int
    kind: str
    value: str


def find_identifier(identity_id: int) -> IdentifierCard | None:
    """The identifier behind a number of the log; None where it was erased or never was."""
    row = Identifier.objects.filter(identity_id=identity_id).first()
    return IdentifierCard(row.identity_id, row.kind, row.source, row.value, row.is_shared) if row else None


def list_names(identities: Iterable[int]) -> dict[int, Name]:
    """What the customer behind each identity is called; the erased ones are left out. Three queries for any number."""
    wanted = sorted(set(identities))
    customers = dict(
        Identifier.objects.filter(identity_id__in=wanted).values_list("identity_id", "customer_id")
    )
    found: dict[int, Name] = {}
    for row in _members_of(set(customers.values())):
        name = Name(row.customer_id, row.kind, row.value)
        known = found.get(row.customer_id)
        if known is None or CALLED_BY.index(name.kind) < CALLED_BY.index(known.kind):
            found[row.customer_id] = name
    return {identity: found[customer] for identity, customer in customers.items() if customer in found}


def list_account_customers(account: str, *, limit: int = 200) -> list[int]:
    """The customers who belong to an account, smallest number first."""
    identities = Membership.objects.filter(account=account).values_list("identity_id", flat=True)
    rows = Identifier.objects.filter(identity_id__in=list(identities[: 5 * limit]))
    return sorted(set(rows.values_list("customer_id", flat=True)))[:limit]


def find_accounts(words: str, *, limit: int = 20) -> list[str]:
    """Accounts whose key begins with `words`."""
    given = words.strip()
    if not given:
        return []
    rows = Account.objects.filter(key__gte=given, key__lt=given + "\U0010ffff").order_by("key")
    return list(rows.values_list("key", flat=True)[:limit])


def _members_of(customers: Collection[int]) -> list[Identifier]:
    """Two queries, as the index on customers leaves out those who are their own."""
    joined = Identifier.objects.filter(customer_id__in=customers).exclude(customer_id=F("identity_id"))
    first = Identifier.objects.filter(identity_id__in=customers, customer_id=F("identity_id"))
    return [*first.order_by("identity_id"), *joined.order_by("identity_id")]
