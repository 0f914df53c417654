"""The cases of a person or a period, for the one verb that erases them everywhere."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from regard.apps.cases.models import Case
from regard.apps.customers.holders import HOLDERS, Holder, Scope

AT_ONCE = 500


def erase(scope: Scope) -> int:
    """Delete the cases with their notes. Returns how many cases."""
    with transaction.atomic():
        found = _found(scope)
        n = sum(rows.count() for rows in found)
        for rows in found:
            rows.delete()
        return n


def count(scope: Scope) -> int:
    """How many cases there are."""
    return sum(rows.count() for rows in _found(scope))


def _found(scope: Scope) -> list[QuerySet[Case]]:
    ids = scope.identities
    found = [
        Case.objects.filter(identity_id__in=ids[first : first + AT_ONCE])
        for first in range(0, len(ids), AT_ONCE)
    ]
    if scope.starts_at and scope.ends_at:
        found.append(Case.objects.filter(opened_at__gte=scope.starts_at, opened_at__lt=scope.ends_at))
    return found


HOLDERS.register(Holder("cases", erase, count))
