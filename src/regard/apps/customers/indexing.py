"""Keeping the index of values: it follows the identifiers in sorted pieces.

Identifiers come in no order. Put into an index as they come, each touches a page of its own, which costs more than all
else that is written of it, and the more the more there are. So they stand in the order in which they came until they
are many, or a minute is over; then they are sorted and put in side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from regard.apps.customers.finding import PLACE, list_waiting
from regard.apps.customers.models import Findable, Identifier
from regard.apps.customers.writing import insert
from regard.apps.journal.errands import ERRANDS, Turn
from regard.apps.journal.queries import find_position
from regard.apps.journal.services import move_position

LOOK_EVERY = timedelta(seconds=1)
WAIT = timedelta(minutes=1)
MANY = 500_000
PIECE = 250_000

INSERT = "insert into customers_findable (value, identity_id) values {} on conflict do nothing"


def follow(check: Callable[[], None], *, most: int = PIECE) -> None:
    """Put the next identifiers into the index. Done again after a crash, it comes to the same.

    Args:
        check: called inside each transaction; raises where the writer may no longer write.
        most: so many numbers further at most.
    """
    until = min(find_position(PLACE, epoch="") + most, _highest())
    found = list_waiting().filter(identity_id__lte=until).values_list("value", "identity_id")
    insert(INSERT, sorted(found), check)
    with transaction.atomic():
        check()
        move_position(PLACE, seq=until, epoch="")


def forget(identities: Sequence[int]) -> None:
    """Take identifiers out of the index, in the caller's transaction, while their own rows still stand."""
    values = Identifier.objects.filter(identity_id__in=identities).values_list("value", flat=True)
    Findable.objects.filter(value__in=list(values), identity_id__in=identities).delete()


def _highest() -> int:
    return Identifier.objects.aggregate(last=Max("identity_id"))["last"] or 0


class Following:
    """Lets the index follow once there is enough, or what there is has waited long enough."""

    key = "finding"

    def __init__(self) -> None:
        self._looked_at: datetime | None = None
        self._waits_since: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """See Errand."""
        if self._looked_at is not None and abs(now - self._looked_at) < LOOK_EVERY:
            return False
        self._looked_at = now
        n = _highest() - find_position(PLACE, epoch="")
        self._waits_since = (self._waits_since or now) if n > 0 else None
        return self._waits_since is not None and (n >= MANY or now - self._waits_since >= WAIT)

    def run(self, turn: Turn) -> None:
        """See Errand."""
        follow(turn.fence.check)
        self._waits_since = None


ERRANDS.register(Following())
