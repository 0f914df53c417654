"""Erasures as the projector carries them out: one piece at a time, going on where a crash left them."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import F, Q

from regard.apps.customers.erasing.steps import STEPS, Work
from regard.apps.customers.models import Erasure
from regard.apps.journal.errands import ERRANDS, Turn
from regard.apps.journal.projection.fence import Deposed

logger = logging.getLogger(__name__)

ORDER = list(STEPS)
PAUSE = timedelta(seconds=30)  # After a failure.


class Erasing:
    """Does the oldest erasure whose people can still be found, then those that have only to clean the disk."""

    key = "erasing"

    def __init__(self) -> None:
        self._not_before: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """See Errand."""
        if self._not_before is not None and now < self._not_before:
            return False
        return _due(now) is not None

    def run(self, turn: Turn) -> None:
        """See Errand."""
        erasure = _due(turn.now)
        if erasure is None:
            return
        step = erasure.step or ORDER[0]
        try:
            is_done = STEPS[step](Work(erasure, turn))
        except Deposed:
            raise
        except Exception as error:
            # The journal must be read on whatever befalls an erasure; it stays open and is shown.
            logger.exception("erasure_failed id=%d step=%s", erasure.pk, step)
            self._not_before = turn.now + PAUSE
            Erasure.objects.filter(pk=erasure.pk).update(last_error=f"{step}: {type(error).__name__}")
            return
        self._not_before = None
        if is_done:
            following = ORDER[ORDER.index(step) + 1 :]
            erasure.step, erasure.last_error = (following[0] if following else step), ""
            erasure.save(update_fields=["step", "last_error"])


def _due(now: datetime) -> Erasure | None:
    """The oldest open erasure that has something to do; one that has only to clean the disk holds up nobody."""
    is_ready = Q(clean_at=None) | Q(clean_at__lte=now)
    can_still_be_found_first = F("clean_at").asc(nulls_first=True)
    return Erasure.objects.filter(is_ready, done_at=None).order_by(can_still_be_found_first, "id").first()


ERRANDS.register(Erasing())
