"""What may be done to customers: join, split, forget. Each is carried out by the projector in its turn.

The projector alone changes who is who, since it holds all of it in memory. A join or split waits for the next batch,
and `is_waiting` tells whether it still does; an erasure begins between two batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop as _kept

from regard.apps.customers.erasing.refusing import PERIOD
from regard.apps.customers.erasing.steps import CUSTOMER, IDENTIFIER, REPEATED
from regard.apps.customers.models import Decision, Erased, Erasure, Identifier
from regard.apps.customers.policy import Kind
from regard.apps.customers.queries import find_identity, timeline_ids
from regard.apps.customers.resolution.digests import digest_of, normal_phone
from regard.kernel.errors import InvalidInput


def join(one: int, other: int, *, now: datetime | None = None) -> int:
    """Ask that two customers become one; returns the decision's id. `split` undoes it."""
    _known([one, other])
    if one == other:
        raise InvalidInput(_kept("A customer cannot be joined with itself."))
    return _decide("join", {"one": one, "other": other}, now)


def split(customer_id: int, identities: Sequence[int], *, now: datetime | None = None) -> int:
    """Ask that some identities of a customer become another; returns the decision's id. `join` undoes it.

    Args:
        identities: the ones to part, neither none nor all of the customer's.
    """
    members = set(timeline_ids(customer_id))
    strangers = sorted(set(identities) - members)
    if strangers:
        raise InvalidInput(
            _kept("These identities do not belong to customer %(customer)s: %(given)s."),
            customer=customer_id,
            given=strangers,
        )
    if not identities or set(identities) == members:
        raise InvalidInput(_kept("Name some of the customer's identities, not none and not all."))
    return _decide("split", {"identities": sorted(set(identities))}, now)


def forget(customer_id: int, *, by: str = "", at_once: bool = False, now: datetime | None = None) -> int:
    """Ask that a customer be erased everywhere; returns the erasure's id, for `find_proof`.

    Keyed hashes of the identifiers stay: what carries them is refused from then on, until `lift`.

    Args:
        by: the e-mail of the member who asks.
        at_once: nobody reads the log, so that its old files need not wait half an hour.
    """
    _known([customer_id])
    return _erase(CUSTOMER, by=by, at_once=at_once, now=now, identities=[customer_id])


def forget_identifier(
    kind: Kind,
    value: str,
    *,
    source: str = "",
    by: str = "",
    at_once: bool = False,
    now: datetime | None = None,
) -> int:
    """Ask that whoever this identifier belongs to be erased, also where it only ever stood in the journal.

    Args:
        value: in its normal form (see `normal_value`).

    Raises: InvalidInput where several customers share it.
    """
    moment = now or datetime.now(UTC)
    identity = find_identity(kind, value, source=source)
    if identity is not None:
        _refuse_shared(identity)
        return forget(identity, by=by, at_once=at_once, now=moment)
    with transaction.atomic():
        number = _erase(IDENTIFIER, by=by, at_once=at_once, now=moment)
        digest = digest_of(settings.REGARD.secret, kind, source, value)
        Erased.objects.update_or_create(digest=digest, defaults={"erased_at": moment, "erasure_id": number})
    return number


def forget_period(
    start: datetime, end: datetime, *, by: str = "", at_once: bool = False, now: datetime | None = None
) -> int:
    """Ask that everything that happened from `start` up to, not including, `end` be erased everywhere.

    Customers of whom nothing else is known vanish with it. What comes again of that time is refused until `lift`.

    Raises: InvalidInput where the period is empty or not over yet.
    """
    moment = now or datetime.now(UTC)
    if not start < end <= moment:
        raise InvalidInput(_kept("Name a period that begins before it ends and is over."))
    return _erase(PERIOD, by=by, at_once=at_once, now=moment, starts_at=start, ends_at=end)


def repeat_erasures(*, now: datetime | None = None) -> int | None:
    """Ask that what was erased before be erased again, as after data of another time came back.

    Returns: the erasure's id; None where nothing was ever erased.
    """
    moment = now or datetime.now(UTC)
    for period in Erasure.objects.filter(kind=PERIOD, lifted_at=None):
        _erase(
            PERIOD,
            by=period.asked_by,
            at_once=False,
            now=moment,
            starts_at=period.starts_at,
            ends_at=period.ends_at,
        )
        Erasure.objects.filter(pk=period.pk).update(lifted_at=moment)  # The new one stands for it.
    if not Erased.objects.exists():
        return None
    return _erase(REPEATED, by="", at_once=False, now=moment)


def hurry(erasure_id: int) -> None:
    """Let the old files of the log go at once, as nobody reads them."""
    Erasure.objects.filter(pk=erasure_id, done_at=None).update(is_at_once=True)
    waiting = Erasure.objects.filter(pk=erasure_id, clean_at__isnull=False)
    waiting.update(clean_at=F("erased_at"))


def lift(erasure_id: int, *, now: datetime | None = None) -> None:
    """Let what was erased come again. Raises: InvalidInput where there is no such erasure, or it is not complete."""
    moment = now or datetime.now(UTC)
    with transaction.atomic():
        row = Erasure.objects.filter(pk=erasure_id).first()
        if row is None or row.erased_at is None:
            raise InvalidInput(_kept("There is no erasure %(given)s that is complete."), given=erasure_id)
        Erased.objects.filter(erasure=row).delete()
        Erasure.objects.filter(pk=row.pk).update(lifted_at=moment)


def normal_value(kind: Kind, given: str) -> str:
    """An identifier as it is kept. Raises: InvalidInput where it cannot be one."""
    value = given.strip()
    if kind is Kind.EMAIL:
        value = value.lower()
    elif kind is Kind.PHONE:
        value = normal_phone(value) or ""
    if not value:
        raise InvalidInput(_kept("'%(given)s' is no %(kind)s."), given=given, kind=kind.key)
    return value


def is_waiting(decision_id: int) -> bool:
    """Whether the projector has still to carry out a decision."""
    return Decision.objects.filter(pk=decision_id, applied_seq=None).exists()


def _known(customers: Sequence[int]) -> None:
    known = set(Identifier.objects.filter(identity_id__in=customers).values_list("identity_id", flat=True))
    missing = sorted(set(customers) - known)
    if missing:
        raise InvalidInput(_kept("There is no customer %(given)s."), given=missing[0])


def _refuse_shared(identity: int) -> None:
    if Identifier.objects.filter(identity_id=identity, is_shared=True).exists():
        raise InvalidInput(
            _kept(
                "Several customers share this address or number, so it does not say who is meant. Look the customer "
                "up and name them by number or user id."
            )
        )


def _erase(kind: str, *, by: str, at_once: bool, now: datetime | None, **values: Any) -> int:
    row = Erasure.objects.create(
        kind=kind, asked_by=by, is_at_once=at_once, asked_at=now or datetime.now(UTC), **values
    )
    return int(row.pk)


def _decide(kind: str, payload: dict[str, object], now: datetime | None) -> int:
    return int(Decision.objects.create(kind=kind, payload=payload, made_at=now or datetime.now(UTC)).pk)
