"""Erasures survive the restore of an older backup: the hashes and periods known before it are put into what it brings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from regard.apps.customers.erasing.refusing import PERIOD
from regard.apps.customers.erasing.steps import REPEATED
from regard.apps.customers.models import Erased, Erasure
from regard.apps.journal.backup.restoring import CARRIED, Carried
from regard.kernel.errors import InvalidInput

Period = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Known:
    """What was erased: hashes, which mean something only with the secret whose fingerprint stands beside them."""

    secret: str
    digests: tuple[bytes, ...]
    periods: tuple[Period, ...]


def take() -> Known:
    """What was erased here so far."""
    periods = Erasure.objects.filter(kind=PERIOD, lifted_at=None).order_by("id")
    return Known(
        fingerprint(),
        tuple(bytes(digest) for digest in Erased.objects.values_list("digest", flat=True)),
        tuple((start, end) for start, end in periods.values_list("starts_at", "ends_at") if start and end),
    )


def put(known: Sequence[Known], now: datetime) -> None:
    """Erase it again in the restored store, and what that store itself knew to be erased."""
    own = take()
    both = [own, *known]
    digests = {digest for one in both if one.secret == own.secret for digest in one.digests}
    periods = dict.fromkeys(period for one in both for period in one.periods)
    with transaction.atomic():
        # Those of the backup stand for themselves no longer: these do.
        Erasure.objects.filter(kind=PERIOD, lifted_at=None).update(lifted_at=now)
        for start, end in periods:
            _erase(PERIOD, now, starts_at=start, ends_at=end)
        if digests:
            row = _erase(REPEATED, now)
            rows = [Erased(digest=digest, erased_at=now, erasure=row) for digest in sorted(digests)]
            Erased.objects.bulk_create(rows, ignore_conflicts=True)


def read(paths: Sequence[Path]) -> list[Known]:
    """What proofs of erasures (`regard forget --proof N --json`) say was erased. Raises: InvalidInput."""
    digests: list[bytes] = []
    periods: list[Period] = []
    for path in paths:
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            digests += [bytes.fromhex(one) for one in told["kept"]["hashes"]]
            if told["period"]:
                start, end = told["period"]["since"], told["period"]["until"]
                periods.append((datetime.fromisoformat(start), datetime.fromisoformat(end)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidInput(
                f"'{path}' is no proof of an erasure as JSON: {type(error).__name__}."
            ) from None
    return [Known(fingerprint(), tuple(digests), tuple(periods))]


def fingerprint() -> str:
    """Tells one installation's secret from another's."""
    return sha256(b"erasures:" + settings.REGARD.secret).hexdigest()


def _erase(kind: str, now: datetime, **values: Any) -> Erasure:
    # Nobody reads while a backup is restored, so the old files of the log may go at once.
    return Erasure.objects.create(kind=kind, asked_at=now, is_at_once=True, **values)


CARRIED.register(Carried("erasures", take, read, put))
