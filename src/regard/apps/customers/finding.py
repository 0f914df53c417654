"""Finding identifiers by their value: in the index `Findable`, and among the last ones, which it has not followed to yet."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from regard.apps.customers.models import Findable, Identifier
from regard.apps.customers.policy import Kind
from regard.apps.journal.queries import find_position

PLACE = "customers.findable"  # Up to which identity the index has followed.
FINDABLE = tuple(kind.key for kind in (Kind.USER, Kind.EMAIL, Kind.PHONE))
END = "\U0010ffff"


def list_equal(values: Iterable[str]) -> QuerySet[Identifier]:
    """The identifiers with one of these values, of the kinds that people search by."""
    wanted = list(values)
    ids = set(Findable.objects.filter(value__in=wanted).values_list("identity_id", flat=True))
    ids |= set(list_waiting().filter(value__in=wanted).values_list("identity_id", flat=True))
    return Identifier.objects.filter(identity_id__in=sorted(ids))


def list_beginning(words: str, *, limit: int) -> list[Identifier]:
    """The first identifiers, by their values, that begin with `words`."""
    # A range instead of LIKE, so that the index serves both stores.
    wanted = {"value__gte": words, "value__lt": words + END}
    ids: set[int] = set()
    for rows in (Findable.objects.filter(**wanted), list_waiting().filter(**wanted)):
        ids |= set(rows.order_by("value").values_list("identity_id", flat=True)[:limit])
    return list(Identifier.objects.filter(identity_id__in=sorted(ids)).order_by("value")[:limit])


def list_waiting() -> QuerySet[Identifier]:
    """Those that the index has not followed to: looked through one by one."""
    after = find_position(PLACE, epoch="")
    return Identifier.objects.filter(identity_id__gt=after, kind__in=FINDABLE)
