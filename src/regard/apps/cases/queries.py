"""Questions about cases, each within what the asker may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from regard.apps.cases.models import Case, CaseSetting, Entry
from regard.apps.cases.policy import OPEN, SOON, Rules, Urgency, urgency
from regard.apps.organisation.policy import Part, Sight
from regard.apps.organisation.queries import get_settings
from regard.apps.organisation.working import end_of
from regard.kernel.ids import LARGEST

# Whoever may no longer sign in sees to nothing.
NOBODYS = Q(owner=None) | Q(owner__is_active=False)


@dataclass(frozen=True, slots=True)
class Person:
    """A member as a case names them. Personal: `name`."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case as others see it. Personal: title, words and said. See `models.Case` for each meaning."""

    id: int
    identity_id: int
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
    owner: Person | None
    opened_by: Person | None
    opened_at: datetime
    due_at: datetime
    resolved_at: datetime | None
    outcome: str
    said: str

    def urgency(self, now: datetime) -> Urgency:
        """How it stands against its deadline."""
        return urgency(self.state, self.due_at, now)


@dataclass(frozen=True, slots=True)
class EntryCard:
    """One thing that was done with a case."""

    kind: str
    made_at: datetime
    member: Person | None
    owner: Person | None
    text: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open cases there are, and of them overdue, due within hours, and nobody's."""

    open: int
    overdue: int
    soon: int
    unowned: int


def get_rules() -> Rules:
    """When cases open by themselves."""
    row = CaseSetting.objects.first()
    if row is None:
        return Rules()
    return Rules(
        opens_by_itself=row.opens_by_itself,
        max_age_days=row.max_age_days,
        deadline_hours=row.deadline_hours,
        csat_at_most=row.csat_at_most,
        ces_at_most=row.ces_at_most,
        thanks_promoters=row.thanks_promoters,
    )


def due_at(opened_at: datetime) -> datetime:
    """Until when a case that is opened then is to be resolved: its hours count while the organisation works."""
    chosen = get_settings()
    return end_of(opened_at, get_rules().deadline_hours, chosen.working_hours, ZoneInfo(chosen.zone))


def list_cases(
    sight: Sight,
    *,
    member_id: int,
    state: str = OPEN,
    owner_id: int | None = None,
    unowned: bool = False,
    overdue_at: datetime | None = None,
    identities: Sequence[int] | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[CaseCard]:
    """Cases in the order in which they are due; resolved ones, the latest first.

    Args:
        member_id: who asks: what they own they see, whatever its unit.
        state: one of STATES, or empty for all.
        owner_id, unowned, overdue_at, identities: only these.
        after: go on behind the case with this (due_at, id), or (resolved_at, id) of resolved ones.
    """
    rows = _seen(sight, member_id)
    if state:
        rows = rows.filter(state=state)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    if unowned:
        rows = rows.filter(NOBODYS)
    if overdue_at is not None:
        rows = rows.filter(state=OPEN, due_at__lt=overdue_at)
    if identities is not None:
        rows = rows.filter(identity_id__in=list(identities))
    if state == "resolved":
        if after is not None:
            rows = rows.filter(Q(resolved_at__lt=after[0]) | Q(resolved_at=after[0], id__lt=after[1]))
        rows = rows.order_by("-resolved_at", "-id")
    else:
        if after is not None:
            rows = rows.filter(Q(due_at__gt=after[0]) | Q(due_at=after[0], id__gt=after[1]))
        rows = rows.order_by("due_at", "id")
    return [_card(row) for row in rows.select_related("owner", "opened_by")[:limit]]


def find_case(sight: Sight, case_id: int, *, member_id: int) -> CaseCard | None:
    """One case, where the asker may see it."""
    if not 0 < case_id < LARGEST:
        return None
    row = _seen(sight, member_id).select_related("owner", "opened_by").filter(pk=case_id).first()
    return _card(row) if row else None


def find_case_of(origin: str) -> int | None:
    """The case that an interaction opened, by the interaction's id in hexadecimal digits."""
    return Case.objects.filter(origin=origin).values_list("pk", flat=True).first()


def list_entries(case_id: int) -> list[EntryCard]:
    """What was done with a case, in order."""
    rows = Entry.objects.filter(case_id=case_id).select_related("member", "owner").order_by("id")
    return [
        EntryCard(row.kind, row.made_at, _person(row.member), _person(row.owner), row.text) for row in rows
    ]


def count_cases(sight: Sight, *, member_id: int, now: datetime, owner_id: int | None = None) -> Counts:
    """How many cases wait, of everybody in sight or of one owner."""
    rows = _seen(sight, member_id).filter(state=OPEN)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    return Counts(
        open=rows.count(),
        overdue=rows.filter(due_at__lt=now).count(),
        soon=rows.filter(due_at__gte=now, due_at__lte=now + SOON).count(),
        unowned=rows.filter(NOBODYS).count(),
    )


def count_owned(member_id: int) -> int:
    """How many open cases a member owns."""
    return Case.objects.filter(state=OPEN, owner_id=member_id).count()


def _seen(sight: Sight, member_id: int) -> QuerySet[Case]:
    """The cases of the units in sight, and those that the asker owns."""
    rows = Case.objects.all()
    if not sight.may(Part.CASES):
        return rows.none()
    if sight.units is None:
        return rows
    return rows.filter(Q(unit__in=sorted(sight.units)) | Q(owner_id=member_id))


def last_assigned() -> dict[int, datetime]:
    """When each owner last got a case."""
    from django.db.models import Max

    rows = Case.objects.exclude(owner=None).exclude(assigned_at=None).values_list("owner_id")
    return {owner: at for owner, at in rows.annotate(at=Max(F("assigned_at"))).order_by() if owner}


def _card(row: Case) -> CaseCard:
    return CaseCard(
        id=row.pk,
        identity_id=row.identity_id,
        origin=row.origin,
        title=row.title,
        words=row.words,
        language=row.language,
        metric=row.metric,
        score=row.score,
        channel=row.channel,
        touchpoint=row.touchpoint,
        unit=row.unit,
        state=row.state,
        owner=_person(row.owner),
        opened_by=_person(row.opened_by),
        opened_at=row.opened_at,
        due_at=row.due_at,
        resolved_at=row.resolved_at,
        outcome=row.outcome,
        said=row.said,
    )


def _person(member: object) -> Person | None:
    from regard.apps.organisation.models import Member

    return Person(member.pk, str(member)) if isinstance(member, Member) else None
