"""Questions about members, units and settings; answered with values, never with rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import QuerySet

from regard.apps.organisation.models import Member, OrganisationSetting, Reading, Unit
from regard.apps.organisation.policy import Part, Sight, Viewer, sight_of
from regard.apps.organisation.stages import DEFAULT_STAGES, Stage, read_stages
from regard.apps.organisation.working import ALWAYS, WorkingHours, read_working_hours


@dataclass(frozen=True, slots=True)
class MemberCard:
    """A member as others see them; `email` and `name` are personal data."""

    id: int
    email: str
    name: str
    role: str
    unit: str | None
    language: str
    is_active: bool
    last_sign_in_at: datetime | None

    def as_json(self) -> dict[str, object]:
        """For machines; times as ISO 8601."""
        moment = self.last_sign_in_at
        return {**asdict(self), "last_sign_in_at": moment.isoformat() if moment else None}


@dataclass(frozen=True, slots=True)
class ReadingCard:
    """That a member read single answers or customers; `email` is personal data."""

    id: int
    member: int
    email: str
    read_at: datetime
    what: str
    about: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A part of the organisation."""

    key: str
    title: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What the organisation chose; see `models.OrganisationSetting` for each meaning."""

    name: str = ""
    zone: str = "UTC"
    currency: str = "EUR"
    language: str = "en"
    ces_threshold: int = 5
    week_starts_on: int = 1
    stages: tuple[Stage, ...] = DEFAULT_STAGES

    @property
    def metric_settings(self) -> dict[str, float]:
        """What was chosen for metrics, by the name of the metric's setting."""
        return {"easy_from": float(self.ces_threshold)}

    phone_region: str = ""
    working_hours: WorkingHours = ALWAYS


def card_of(member: Member) -> MemberCard:
    """The value that stands for a member outside this slice."""
    return MemberCard(
        id=member.pk,
        email=member.email,
        name=member.name,
        role=member.role,
        unit=member.unit_id,
        language=member.language,
        is_active=member.is_active,
        last_sign_in_at=member.last_login,
    )


def list_members() -> list[MemberCard]:
    """All members by e-mail, the disabled ones too."""
    return [card_of(member) for member in Member.objects.order_by("email")]


def list_members_with(part: Part) -> list[MemberCard]:
    """The members to whom a part is open, by e-mail. One query, as no unit decides it."""
    return [
        card for card in list_members() if sight_of(Viewer(card.role, None, card.is_active), {}).may(part)
    ]


def find_member(email: str) -> MemberCard | None:
    """The member with this e-mail, whatever its case."""
    member = Member.objects.filter(email=email.strip().lower()).first()
    return card_of(member) if member else None


def list_readings(
    *, members: Sequence[int] | None = None, offset: int = 0, limit: int = 100
) -> list[ReadingCard]:
    """Who read what, the latest first.

    Args:
        members: of these only, by their ids; None for everybody, those who have left too.
    """
    rows = _readings(members).order_by("-id")[offset : offset + limit]
    return [
        ReadingCard(row.pk, row.member, row.email, row.read_at, row.what, tuple(row.about)) for row in rows
    ]


def count_readings(*, members: Sequence[int] | None = None) -> int:
    """How many readings there are of these members."""
    return _readings(members).count()


def _readings(members: Sequence[int] | None) -> QuerySet[Reading]:
    rows = Reading.objects.all()
    return rows if members is None else rows.filter(member__in=members)


def list_units() -> list[UnitCard]:
    """All units by title."""
    return [UnitCard(unit.key, unit.title, unit.parent_id) for unit in Unit.objects.order_by("title", "key")]


def get_settings() -> Settings:
    """The organisation's settings, or what holds until somebody sets them."""
    row = OrganisationSetting.objects.first()
    if row is None:
        return Settings()
    return Settings(
        name=row.name,
        zone=row.zone,
        currency=row.currency,
        language=row.language,
        ces_threshold=row.ces_threshold,
        week_starts_on=row.week_starts_on,
        stages=read_stages(row.stages or DEFAULT_STAGES),
        phone_region=row.phone_region,
        working_hours=read_working_hours(row.working_hours or ALWAYS),
    )


def get_sight(member: Member | MemberCard) -> Sight:
    """What this member may see now. One query for the tree, none for members of the whole company."""
    unit = member.unit if isinstance(member, MemberCard) else member.unit_id
    parents = dict(Unit.objects.values_list("key", "parent_id")) if unit is not None else {}
    return sight_of(Viewer(role=member.role, unit=unit, is_active=member.is_active), parents)
