"""Sources and what was set aside, for who looks after the installation."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from regard.apps.intake.queries import list_sources
from regard.apps.journal import queries, services
from regard.apps.organisation.policy import Part
from regard.apps.organisation.services import note_reading
from regard.kernel.ids import LARGEST
from regard.server.api.access import NotAllowed, sight_of
from regard.server.api.problem import Problem

router = Router(tags=["operations"])


class SourceOut(Schema):
    """A source; its write key is never told."""

    key: str
    title: str
    kind: str
    rate_per_second: int
    is_made_up: bool


class Aside(Schema):
    """An item set aside."""

    id: int
    source: str
    received_at: datetime
    reason: str
    message: str
    raw: str
    file: str
    line: int | None
    state: str
    replayed_as: str


class Discarded(Schema):
    """How many were given up on."""

    discarded: int


State = Annotated[str, Query(pattern="^(open|replayed|discarded)$")]
After = Annotated[int, Query(ge=0, le=LARGEST, description="only items with a greater id")]
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.get("/sources", response=list[SourceOut], summary="The sources that may send")
def get_sources(request: HttpRequest) -> list[SourceOut]:
    """All sources by key."""
    sight_of(request, Part.OPERATIONS)
    return [
        SourceOut(
            key=source.key,
            title=source.title,
            kind=source.kind,
            rate_per_second=source.rate_per_second,
            is_made_up=source.is_made_up,
        )
        for source in list_sources()
    ]


@router.get("/quarantine", response=list[Aside], summary="Items set aside, oldest first")
def get_quarantine(
    request: HttpRequest, state: State = "open", source: str = "", after: After = 0, limit: Limit = 100
) -> list[Aside]:
    """What was sent and could not be taken, each with its reason. It holds personal data as it came.

    Whoever looks after one unit is told neither `raw` nor `message`: whose unit an item belongs to is not known yet.
    """
    sight = sight_of(request, Part.OPERATIONS)
    source = source.replace("\x00", "")
    rows = queries.list_quarantine(state=state, source=source or None, after=after, limit=limit)
    if sight.units is not None:
        rows = [replace(row, raw="", message="") for row in rows]
    elif rows:
        note_reading(request.auth, "quarantine", [row.id for row in rows])  # type: ignore[attr-defined]
    return [Aside(**asdict(row)) for row in rows]


@router.post(
    "/quarantine/{item}/discard",
    response={200: Discarded, 404: Problem},
    summary="Give up on an item set aside",
)
def discard(request: HttpRequest, item: int) -> Discarded:
    """It stays to be seen among the discarded ones. For administrators of the whole company."""
    if sight_of(request, Part.OPERATIONS).units is not None:
        raise NotAllowed
    n = services.discard([item]) if 0 <= item <= LARGEST else 0
    if not n:
        raise Http404(f"No open item has the id {item}.")
    return Discarded(discarded=n)
