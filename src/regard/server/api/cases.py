"""Cases for machines: list, look at, open and change them, within what who asks may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from regard.apps.cases import queries, services
from regard.apps.cases.about import find_about, open_about
from regard.apps.cases.queries import CaseCard
from regard.apps.customers.queries import customer_of, timeline_ids
from regard.apps.organisation.policy import Part
from regard.apps.organisation.services import note_reading
from regard.kernel.ids import LARGEST
from regard.server.api.access import sight_of
from regard.server.api.problem import Problem

router = Router(tags=["cases"])


class PersonOut(Schema):
    """A member."""

    id: int
    name: str


class CaseOut(Schema):
    """A case. `urgency` is done, later, soon, overdue or escalated."""

    id: int
    customer_id: int | None
    origin: str | None
    title: str
    words: str
    language: str
    metric: str
    score: float | None
    channel: str
    touchpoint: str
    unit: str | None
    state: str
    urgency: str
    owner: PersonOut | None
    opened_by: PersonOut | None
    opened_at: datetime
    due_at: datetime
    resolved_at: datetime | None
    outcome: str
    said: str


class StepOut(Schema):
    """One thing that was done with a case."""

    kind: str
    made_at: datetime
    member: PersonOut | None
    owner: PersonOut | None
    text: str


class CaseWithSteps(CaseOut):
    """A case with its story."""

    steps: list[StepOut]


class NewCase(Schema):
    """A case to open; `about` is the id of an interaction of theirs, in hexadecimal digits."""

    customer_id: int
    title: str = ""
    about: str = ""
    owner_id: int | None = None
    note: str = ""


class Owner(Schema):
    """Who gets the case; null is nobody."""

    owner_id: int | None


class Text(Schema):
    """A note, or why a case is opened again."""

    text: str


class Outcome(Schema):
    """How a case ended: solved, made_good, explained, thanked, not_reached or nothing_to_do."""

    outcome: str
    said: str = ""
    text: str = ""


State = Annotated[str, Query(pattern="^(open|resolved)$")]
After = Annotated[
    int, Query(ge=0, le=LARGEST, description="go on behind the case with this id, in the list's order")
]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("", response=list[CaseOut], summary="Cases, those due first; resolved ones, the latest first")
def list_cases(
    request: HttpRequest,
    state: State = "open",
    owner_id: int | None = None,
    customer_id: int | None = None,
    overdue: bool = False,
    after: After = 0,
    limit: Limit = 50,
) -> list[CaseOut]:
    """Of the units of who asks, and those that they own."""
    sight, me, now = sight_of(request, Part.CASES), _me(request), datetime.now(UTC)
    previous = queries.find_case(sight, after, member_id=me) if after else None
    place = None
    if previous is not None:
        place = (previous.resolved_at if state == "resolved" else previous.due_at) or now, previous.id
    found = queries.list_cases(
        sight,
        member_id=me,
        state=state,
        owner_id=owner_id if owner_id is None or 0 < owner_id < LARGEST else 0,
        identities=None if customer_id is None else _identities(customer_id),
        overdue_at=now if overdue else None,
        after=place,
        limit=limit,
    )
    note_reading(_member(request), "cases", [case.id for case in found])
    return [_out(case, now) for case in found]


@router.get("/{case_id}", response={200: CaseWithSteps, 404: Problem}, summary="One case with its story")
def get_case(request: HttpRequest, case_id: int) -> CaseWithSteps:
    """What it is about, and what was done."""
    found = _find(request, case_id)
    note_reading(_member(request), "case", [case_id])
    steps = [StepOut(**asdict(entry)) for entry in queries.list_entries(case_id)]
    return CaseWithSteps(**_out(found, datetime.now(UTC)).dict(), steps=steps)


@router.post("", response={200: CaseOut, 404: Problem}, summary="Open a case for a customer")
def open_case(request: HttpRequest, given: NewCase) -> CaseOut:
    """It goes to whose turn it is, unless an owner is named. An interaction opens one case at most."""
    about = find_about(given.customer_id, given.about, sight=sight_of(request, Part.CASES))
    if about is None:
        raise Http404("There is no such customer or interaction for you.")
    case_id = open_about(
        about, by=_member(request), title=given.title, owner_id=given.owner_id, note=given.note
    )
    return _out(_find(request, case_id), datetime.now(UTC))


@router.post("/{case_id}/assign", response={200: CaseOut, 404: Problem}, summary="Give a case to a member")
def assign(request: HttpRequest, case_id: int, given: Owner) -> CaseOut:
    """Or to nobody."""
    return _do(request, case_id, services.assign, owner_id=given.owner_id)


@router.post("/{case_id}/note", response={200: CaseOut, 404: Problem}, summary="Write a note for colleagues")
def note(request: HttpRequest, case_id: int, given: Text) -> CaseOut:
    """The customer does not see it."""
    return _do(request, case_id, services.note, text=given.text)


@router.post("/{case_id}/resolve", response={200: CaseOut, 404: Problem}, summary="Resolve a case")
def resolve(request: HttpRequest, case_id: int, given: Outcome) -> CaseOut:
    """With its outcome and what was said to the customer."""
    return _do(request, case_id, services.resolve, **given.dict())


@router.post("/{case_id}/reopen", response={200: CaseOut, 404: Problem}, summary="Open a case again")
def reopen(request: HttpRequest, case_id: int, given: Text) -> CaseOut:
    """With a new deadline; the text says why."""
    return _do(request, case_id, services.reopen, text=given.text)


def _do(request: HttpRequest, case_id: int, verb: Callable[..., None], **given: Any) -> CaseOut:
    _find(request, case_id)
    verb(case_id, by=_me(request), **given)
    return _out(_find(request, case_id), datetime.now(UTC))


def _find(request: HttpRequest, case_id: int) -> CaseCard:
    found = queries.find_case(sight_of(request, Part.CASES), case_id, member_id=_me(request))
    if found is None:
        raise Http404(f"There is no case {case_id} for you.")
    return found


def _out(case: CaseCard, now: datetime) -> CaseOut:
    told = asdict(case)
    identity_id = told.pop("identity_id")
    return CaseOut(**told, customer_id=customer_of(identity_id), urgency=str(case.urgency(now)))


def _identities(customer_id: int) -> list[int]:
    current = customer_of(customer_id) if 0 <= customer_id < LARGEST else None
    return [] if current is None else timeline_ids(current)


def _member(request: HttpRequest) -> Any:
    return request.auth  # type: ignore[attr-defined]


def _me(request: HttpRequest) -> int:
    return int(_member(request).pk)
