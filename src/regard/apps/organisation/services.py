"""What can be done with members, units and settings."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_noop as _kept

from regard.apps.organisation import policy, queries
from regard.apps.organisation.models import Member, OrganisationSetting, Reading, Unit
from regard.apps.organisation.queries import MemberCard, Settings, UnitCard
from regard.apps.organisation.stages import DEFAULT_STAGES, read_stages
from regard.apps.organisation.working import ALWAYS, read_working_hours
from regard.kernel.errors import InvalidInput, unknown_name
from regard.warehouse.files.identifiers import check_region

logger = logging.getLogger(__name__)

MIN_PASSWORD_LENGTH = 10
LONGEST_KEY = 200
DEMO_DOMAIN = "demo.example"
MOST_NOTED = 1000  # ids beside one reading
ONE_READING = timedelta(minutes=10)
MOST_COMPARED = 50


def random_password() -> str:
    """A password that nobody guesses, easy to copy: 96 bits."""
    return secrets.token_urlsafe(12)


def create_member(
    *,
    email: str,
    role: str,
    unit: str | None = None,
    password: str | None = None,
    name: str = "",
    language: str = "",
) -> MemberCard:
    """Let somebody sign in, or change the role, unit and password of who already may.

    Raises: InvalidInput for a broken address, an unknown role, unit or language, or a short password.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidInput(
            _kept("'%(given)s' is not an e-mail address, such as ada@example.com."), given=email
        ) from None
    policy.ROLES.get(role)
    check_language(language)
    if unit is not None and not Unit.objects.filter(pk=unit).exists():
        raise unknown_name(_kept("unit"), unit, (card.key for card in queries.list_units()[:50]))
    if password is not None:
        check_password(password)
    with transaction.atomic():
        member = Member.objects.filter(email=email).first() or Member(email=email)
        member.role, member.unit_id, member.is_active = role, unit, True
        member.name, member.language = name or member.name, language or member.language
        if password is not None:
            member.set_password(password)
        elif not member.password:
            member.set_unusable_password()
        member.save()
    logger.info("member.saved", extra={"member_id": member.pk, "role": role})
    return queries.card_of(member)


def check_password(password: str) -> None:
    """Refuse what is guessed at once. Raises: InvalidInput."""
    if len(password) < MIN_PASSWORD_LENGTH:
        raise InvalidInput(
            _kept("A password needs at least %(least)s characters."), least=MIN_PASSWORD_LENGTH
        )
    if len(set(password)) < 4:
        raise InvalidInput(_kept("A password needs more than a few different characters."))


def check_language(language: str) -> None:
    """Refuse a language that no page speaks; empty is the browser's choice. Raises: InvalidInput."""
    known = [code for code, _ in django_settings.LANGUAGES]
    if language and language not in known:
        raise unknown_name(_kept("language"), language, known)


def set_password(*, member_id: int, password: str) -> None:
    """Give a member a new password. Raises: InvalidInput for a weak one."""
    check_password(password)
    member = Member.objects.get(pk=member_id)
    member.set_password(password)
    member.save(update_fields=["password"])


def set_language(*, member_id: int, language: str) -> None:
    """Remember the language in which a member reads. Raises: InvalidInput for one that no page speaks."""
    check_language(language)
    Member.objects.filter(pk=member_id).update(language=language)


def set_active(*, email: str, is_active: bool) -> MemberCard:
    """Let a member in again, or keep them out.

    Raises: InvalidInput for an unknown e-mail, and where nobody would be left who may let members in.
    """
    member = _get(email)
    if not is_active:
        _check_somebody_stays(member)
    member.is_active = is_active
    member.save(update_fields=["is_active"])
    return queries.card_of(member)


def remove_member(*, email: str) -> None:
    """Delete a member. Raises: InvalidInput for an unknown e-mail, and for the last who may let members in."""
    member = _get(email)
    _check_somebody_stays(member)
    member.delete()


def invite_member(
    *, email: str, role: str, unit: str | None, name: str = "", language: str = ""
) -> MemberCard:
    """Let somebody new sign in, who will choose a password themselves by a link (see `invitations`).

    Raises: InvalidInput for somebody who is a member already, and as `create_member`.
    """
    if queries.find_member(email) is not None:
        raise InvalidInput(_kept("'%(given)s' is a member already."), given=email.strip().lower())
    return create_member(email=email, role=role, unit=unit, name=name, language=language)


def change_member(*, member_id: int, role: str, unit: str | None, name: str) -> MemberCard:
    """Give a member another role, unit or name.

    Raises: InvalidInput for an unknown role or unit, and where nobody would be left who may let members in.
    """
    member = Member.objects.get(pk=member_id)
    policy.ROLES.get(role)
    if unit is not None and not Unit.objects.filter(pk=unit).exists():
        raise unknown_name(_kept("unit"), unit, (card.key for card in queries.list_units()[:50]))
    if policy.Part.MEMBERS not in policy.ROLES.get(role).parts or unit is not None:
        _check_somebody_stays(member)
    member.role, member.unit_id, member.name = role, unit, name.strip()[:200]
    member.save(update_fields=["role", "unit", "name"])
    logger.info("member.changed", extra={"member_id": member.pk, "role": role})
    return queries.card_of(member)


def _check_somebody_stays(member: Member) -> None:
    """Refuse to lose the last one who may let members in for the whole company."""
    roles = [role.key for role in policy.ROLES if policy.Part.MEMBERS in role.parts]
    able = Member.objects.filter(is_active=True, role__in=roles, unit=None)
    if able.filter(pk=member.pk).exists() and not able.exclude(pk=member.pk).exists():
        raise InvalidInput(
            _kept("This is the last administrator of the whole company; make somebody else one first.")
        )


def _get(email: str) -> Member:
    member = Member.objects.filter(email=email.strip().lower()).first()
    if member is None:
        raise unknown_name(_kept("member"), email, (card.email for card in queries.list_members()))
    return member


def ensure_demo_members() -> list[tuple[MemberCard, str]]:
    """One login for each role, with new random passwords: members of the whole company, for trying out.

    Returns: each member with the password, to be printed once.
    """
    made = []
    for role in policy.ROLES:
        password = random_password()
        email = f"{role.key}@{DEMO_DOMAIN}"
        made.append((create_member(email=email, role=role.key, password=password, name=role.title), password))
    return made


def set_units(units: Iterable[UnitCard]) -> None:
    """Make the tree of units exactly this one, here and in the warehouse.

    Units that members belong to stay until they are moved. Stopped between the two, the same call mends the warehouse.

    Raises: InvalidInput where a parent is missing or a unit is its own ancestor.
    """
    wanted = {unit.key: unit for unit in units}
    parents = {unit.key: unit.parent for unit in wanted.values()}
    for unit in wanted.values():
        if unit.parent is not None and unit.parent not in wanted:
            raise unknown_name(_kept("unit"), unit.parent, list(wanted)[:50])
        _check_no_loop(unit.key, parents)
    used = set(Member.objects.exclude(unit=None).values_list("unit_id", flat=True))
    with transaction.atomic():
        Unit.objects.bulk_create(
            [Unit(key=unit.key, title=unit.title or unit.key) for unit in wanted.values()],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["title"],
        )
        Unit.objects.update(parent=None)
        rows = [Unit(key=unit.key, title=unit.title, parent_id=unit.parent) for unit in wanted.values()]
        Unit.objects.bulk_update(rows, ["parent"], batch_size=500)
        Unit.objects.exclude(pk__in=[*wanted, *used]).delete()
    _write_units_to_warehouse()


def save_unit(*, key: str, title: str, parent: str | None) -> UnitCard:
    """Add a unit to the tree, or call it otherwise, or move it with all that lies below it.

    Raises: InvalidInput for a key that cannot be, an unknown parent, or a unit that would stand above itself.
    """
    key, title = key.strip(), title.strip()[:200]
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise InvalidInput(
            _kept("A unit needs a key of at most %(most)s letters, as interactions name it."),
            most=LONGEST_KEY,
        )
    wanted = {card.key: card for card in queries.list_units()}
    wanted[key] = UnitCard(key, title or key, parent)
    set_units(wanted.values())
    return wanted[key]


def remove_unit(*, key: str) -> None:
    """Take a unit out of the tree; its interactions stay. Raises: InvalidInput where others or members belong to it."""
    units = queries.list_units()
    if key not in {card.key for card in units}:
        raise unknown_name(_kept("unit"), key, (card.key for card in units[:50]))
    if any(card.parent == key for card in units):
        raise InvalidInput(_kept("Other units lie below this one; move them first."))
    if Member.objects.filter(unit=key).exists():
        raise InvalidInput(_kept("Members belong to this unit; move them first."))
    set_units([card for card in units if card.key != key])


def _write_units_to_warehouse() -> None:
    """Bring the warehouse's units up to date; where they are so already it stays as it is, and so do kept answers."""
    from regard.warehouse.engines import duckdb
    from regard.warehouse.log import Log

    rows = sorted(Unit.objects.values_list("key", "title", "parent_id"))
    log = Log.open(django_settings.REGARD.warehouse_url)
    with duckdb.connect(log) as connection:
        written = connection.execute("SELECT unit, title, parent FROM units").fetchall()
    if sorted(written) != rows:
        log.replace_units(rows)


def _check_no_loop(key: str, parents: dict[str, str | None]) -> None:
    seen, at = {key}, parents.get(key)
    while at is not None:
        if at in seen:
            raise InvalidInput(_kept("Unit '%(given)s' would stand above itself."), given=key)
        seen.add(at)
        at = parents.get(at)


def change_settings(**changes: Any) -> Settings:
    """Change some of the organisation's settings. Raises: InvalidInput for a value that cannot be."""
    if "stages" in changes:
        changes["stages"] = read_stages(changes["stages"])
    if "working_hours" in changes:
        changes["working_hours"] = read_working_hours(changes["working_hours"])
    new = replace(queries.get_settings(), **changes)
    try:
        ZoneInfo(new.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise InvalidInput(
            _kept("'%(given)s' is no time zone; one is called such as Europe/Athens."), given=new.zone
        ) from None
    if not (len(new.currency) == 3 and new.currency.isascii() and new.currency.isupper()):
        raise InvalidInput(
            _kept("'%(given)s' is no currency; one is written such as EUR (ISO 4217)."), given=new.currency
        )
    if not 1 <= new.ces_threshold <= 7:
        raise InvalidInput(_kept("The lowest easy answer is one of 1 to 7."))
    if new.phone_region:
        new = replace(new, phone_region=check_region(new.phone_region))
    check_language(new.language)
    kept = {
        **asdict(new),
        "stages": [] if new.stages == DEFAULT_STAGES else [asdict(one) for one in new.stages],
        "working_hours": {} if new.working_hours == ALWAYS else asdict(new.working_hours),
    }
    OrganisationSetting.objects.update_or_create(pk=1, defaults=kept)
    return new


def note_reading(
    member: Member | MemberCard, what: str, ids: Sequence[int | str], *, now: datetime | None = None
) -> None:
    """Write down that `member` was shown single answers or customers. A page calls it before it answers.

    A page that stays open fetches itself anew with what arrives; the same shown again within ten minutes is one
    reading.

    Args:
        what: a short word for what was shown: "customer", "answers", "case".
        ids: numbers of customers, or ids of interactions or cases; never names or words.
    """
    moment, about = now or datetime.now(UTC), list(ids)[:MOST_NOTED]
    reader = member.id if isinstance(member, MemberCard) else member.pk
    since = moment - ONE_READING
    latest = Reading.objects.filter(member=reader, read_at__gt=since).order_by("-id").values("what", "about")
    if {"what": what, "about": about} not in latest[:MOST_COMPARED]:
        Reading.objects.create(member=reader, email=member.email, read_at=moment, what=what, about=about)
