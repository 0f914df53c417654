"""What came in last, without its contents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from regard.apps.journal.models import Segment


@dataclass(frozen=True, slots=True)
class Arrival:
    """One commit of interactions and what became of it; None while it still waits."""

    seq: int
    source: str
    received_at: datetime
    n: int
    n_new: int | None
    n_known: int | None
    n_rejected: int | None


def list_arrivals(limit: int = 12) -> list[Arrival]:
    """The newest commits first."""
    names = ("seq", "source", "received_at", "n", "n_new", "n_known", "n_rejected")
    return [Arrival(*row) for row in Segment.objects.order_by("-seq").values_list(*names)[:limit]]
