"""What may be asked about customers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F

from regard.apps.customers.finding import FINDABLE, list_beginning, list_equal
from regard.apps.customers.models import Erased, Erasure, Identifier, Link, Membership, Trait
from regard.apps.customers.policy import GLOBAL, Kind
from regard.apps.customers.resolution.digests import digest_of, normal_phone


@dataclass(frozen=True, slots=True)
class IdentifierCard:
    """One identifier. Personal: `value`."""

    identity_id: int
    kind: str
    source: str
    value: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two identifiers are one customer: the interaction that carried both (seq 0: a person decided)."""

    one: int
    other: int
    source: str
    seq: int
    position: int
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as known now. Personal: all but the id."""

    customer_id: int
    identifiers: tuple[IdentifierCard, ...]
    traits: dict[str, str]
    accounts: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def customer_of(identity_id: int) -> int | None:
    """The customer that an identity of the log belongs to now; None where it was erased or never was."""
    return Identifier.objects.filter(identity_id=identity_id).values_list("customer_id", flat=True).first()


def timeline_ids(customer_id: int) -> list[int]:
    """The identities whose interactions make up a customer's timeline, smallest first."""
    return [row.identity_id for row in _members(customer_id)]


def list_timeline_ids(customers: Collection[int]) -> dict[int, list[int]]:
    """The same of many customers at once, in their order; two queries for any number."""
    found: dict[int, list[int]] = {customer_id: [] for customer_id in customers}
    first = Identifier.objects.filter(identity_id__in=customers, customer_id=F("identity_id"))
    joined = Identifier.objects.filter(customer_id__in=customers).exclude(customer_id=F("identity_id"))
    for row in (*first, *joined.order_by("identity_id")):
        found[row.customer_id].append(row.identity_id)
    return found


def get_customer(customer_id: int) -> Customer | None:
    """Everything this slice knows of a customer; also by a number that was joined into another."""
    current = customer_of(customer_id)
    if current is None:
        return None
    members = _members(current)
    ids = [row.identity_id for row in members]
    traits = Trait.objects.filter(identity_id__in=ids).order_by("version", "id")
    accounts = Membership.objects.filter(identity_id__in=ids).order_by("account")
    return Customer(
        customer_id=current,
        identifiers=tuple(_card(row) for row in members),
        traits=dict(traits.values_list("name", "value")),
        accounts=tuple(dict.fromkeys(accounts.values_list("account", flat=True))),
        evidence=tuple(
            Evidence(row.primary_id, row.target_id, row.source, row.seq, row.position, row.is_cut)
            for row in Link.objects.filter(target_id__in=ids).order_by("seq", "position", "id")
        ),
    )


def find_customers(words: str, *, limit: int = 20) -> list[int]:
    """Customers with an identifier that equals, or a user id or e-mail that begins with, `words`."""
    given = words.strip()
    if not given:
        return []
    wanted = {given, given.lower(), normal_phone(given) or given}
    exact = list_equal(wanted).values_list("customer_id", flat=True)
    found = list(dict.fromkeys(exact.order_by("identity_id")[:limit]))
    if len(found) < limit:
        begun = list_beginning(given, limit=limit)
        found = list(dict.fromkeys([*found, *(row.customer_id for row in begun)]))
    return found[:limit]


def find_identity(kind: Kind, value: str, *, source: str = "") -> int | None:
    """The identity of one identifier in its normal form; None where it was never seen."""
    rows = list_equal([value]) if kind.key in FINDABLE else Identifier.objects.filter(value=value)
    rows = rows.filter(kind=kind.key)
    if kind not in GLOBAL:
        rows = rows.filter(source=source)
    return rows.values_list("identity_id", flat=True).first()


def is_erased(kind: Kind, value: str, *, source: str = "") -> bool:
    """Whether this identifier was erased: only its keyed hash remains."""
    return Erased.objects.filter(digest=digest_of(settings.REGARD.secret, kind, source, value)).exists()


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """One erasure: what was asked for when, and how far it is."""

    id: int
    kind: str
    starts_at: datetime | None
    ends_at: datetime | None
    asked_at: datetime
    asked_by: str
    erased_at: datetime | None
    clean_at: datetime | None
    done_at: datetime | None
    lifted_at: datetime | None
    last_error: str

    def as_json(self) -> dict[str, object]:
        """For machines; times as ISO 8601."""
        given = asdict(self)
        return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in given.items()}


def is_erasing(erasure_id: int) -> bool:
    """Whether what an erasure names can still be asked for."""
    return Erasure.objects.filter(pk=erasure_id, erased_at=None).exists()


def list_erasures(*, is_open: bool = False) -> list[ErasureRow]:
    """All erasures, the latest first, or those only that are not complete."""
    rows = Erasure.objects.order_by("-id")
    if is_open:
        rows = rows.filter(done_at=None)
    names = ErasureRow.__dataclass_fields__
    return [ErasureRow(**{name: getattr(row, name) for name in names}) for row in rows]


def _members(customer_id: int) -> list[Identifier]:
    joined = Identifier.objects.filter(customer_id=customer_id).exclude(customer_id=F("identity_id"))
    first = Identifier.objects.filter(identity_id=customer_id, customer_id=customer_id)
    return [*first, *joined.order_by("identity_id")]


def _card(row: Identifier) -> IdentifierCard:
    return IdentifierCard(row.identity_id, row.kind, row.source, row.value, row.is_shared)
