"""What may be done with cases. Each verb changes the row and tells the log in one transaction: both or neither."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _kept

from regard.apps.cases import policy, queries
from regard.apps.cases.facts import fact_of
from regard.apps.cases.models import Case, CaseSetting, Entry
from regard.apps.cases.policy import OPEN, RESOLVED, Rules, Worker
from regard.apps.customers.names import find_identifier
from regard.apps.customers.queries import timeline_ids
from regard.apps.journal import services as journal
from regard.apps.organisation.policy import Part
from regard.apps.organisation.queries import MemberCard, list_members_with, list_units
from regard.kernel.errors import InvalidInput

logger = logging.getLogger(__name__)

OWN_SOURCE = "regard"
# Where a case had to stand, and does not.
NOT_THERE = {
    OPEN: _kept("Case %(given)s is not open."),
    RESOLVED: _kept("Case %(given)s is not resolved."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The interaction that a case comes from. Personal: words."""

    interaction_id: str
    source: str
    thread: str | None = None
    metric: str | None = None
    score: float | None = None
    channel: str | None = None
    touchpoint: str | None = None
    words: str | None = None
    language: str | None = None


def open_case(
    *,
    identity_id: int,
    unit: str | None,
    title: str = "",
    origin: Origin | None = None,
    opened_by: int | None = None,
    owner_id: int | None = None,
    note: str = "",
    now: datetime | None = None,
) -> int:
    """Open a case and give it to whose turn it is, unless `owner_id` says who; returns its id.

    An interaction opens one case at most: asked again, the same case is returned and nothing is recorded.

    Args:
        identity_id: the identifier of the customer that it is about.
        opened_by: the member who opens it; None where it opens by itself.
        note: for colleagues.

    Raises: InvalidInput where the customer is not known, or a title is missing that nothing else stands for.
    """
    moment = now or datetime.now(UTC)
    note = policy.checked_text(note, what=_kept("A note"), is_needed=False)
    who = find_identifier(identity_id)
    if who is None:
        raise InvalidInput(_kept("There is no customer with the identity %(given)s."), given=identity_id)
    title = _checked_title(title, origin)
    if (known := _case_of(origin)) is not None:
        return known
    try:
        with transaction.atomic():
            case = Case.objects.create(
                key=uuid4().hex,
                identity_id=identity_id,
                source=origin.source if origin else who.source or OWN_SOURCE,
                title=title,
                unit=unit,
                opened_by_id=opened_by,
                opened_at=moment,
                due_at=queries.due_at(moment),
                **_owned_by(_checked_owner(owner_id) or _whose_turn(unit), moment),
                **_from(origin),
            )
            told = {"origin": case.origin, "opened_by": "member" if opened_by else "answer"}
            _write(case, "opened", moment, opened_by, text=note, owner_id=case.owner_id, **told)
    except IntegrityError:
        # Two asked at once; the other was first.
        if (known := _case_of(origin)) is None:
            raise
        return known
    logger.info("case.opened", extra={"case_id": case.pk, "unit": unit, "owner_id": case.owner_id})
    return int(case.pk)


def assign(case_id: int, *, owner_id: int | None, by: int, now: datetime | None = None) -> None:
    """Give a case to a member, or to nobody. Raises: InvalidInput for an unknown or disabled member."""
    moment = now or datetime.now(UTC)
    with transaction.atomic():
        case = _get(case_id)
        if case.owner_id == owner_id:
            return
        Case.objects.filter(pk=case_id).update(**_owned_by(_checked_owner(owner_id), moment))
        _write(case, "assigned", moment, by, owner_id=owner_id)


def note(case_id: int, *, text: str, by: int, now: datetime | None = None) -> None:
    """Write a note for colleagues; the customer does not see it. Raises: InvalidInput for an empty one."""
    given = policy.checked_text(text, what=_kept("A note"))
    with transaction.atomic():
        _write(_get(case_id), "noted", now or datetime.now(UTC), by, text=given)


def resolve(
    case_id: int, *, outcome: str, said: str = "", text: str = "", by: int, now: datetime | None = None
) -> None:
    """Close a case with its outcome.

    Args:
        outcome: one of policy.OUTCOMES.
        said: what was said to the customer; needed, unless nobody could be reached or there was nothing to do.
        text: a note for colleagues.

    Raises: InvalidInput where it is resolved already, the outcome is unknown, or nothing was said.
    """
    moment = now or datetime.now(UTC)
    policy.check_outcome(outcome)
    said = policy.checked_text(
        said, what=_kept("What was said to the customer"), is_needed=outcome not in policy.SILENT
    )
    text = policy.checked_text(text, what=_kept("A note"), is_needed=False)
    with transaction.atomic():
        case = _get(case_id)
        _move(case, OPEN, state=RESOLVED, outcome=outcome, said=said, resolved_at=moment)
        _write(case, "resolved", moment, by, text=text, outcome=outcome, told=bool(said) or None)


def reopen(case_id: int, *, text: str, by: int, now: datetime | None = None) -> None:
    """Take a case up again with a new deadline; `text` says why. Raises: InvalidInput where it is open."""
    moment = now or datetime.now(UTC)
    given = policy.checked_text(text, what=_kept("The reason"))
    due_at = queries.due_at(moment)
    with transaction.atomic():
        case = _get(case_id)
        _move(case, RESOLVED, state=OPEN, outcome="", said="", resolved_at=None, due_at=due_at)
        _write(case, "reopened", moment, by, text=given)


def forget(customer_id: int) -> int:
    """Erase every case of a customer from this slice, with its notes. Returns how many cases."""
    cases = Case.objects.filter(identity_id__in=timeline_ids(customer_id))
    n = cases.count()
    cases.delete()
    return n


def change_rules(**changes: Any) -> Rules:
    """Change when cases open by themselves. Raises: InvalidInput for a value that cannot be."""
    rules = replace(queries.get_rules(), **changes)
    policy.check_rules(rules)
    CaseSetting.objects.update_or_create(pk=1, defaults=asdict(rules))
    return rules


def list_owners() -> list[MemberCard]:
    """The members who may own cases: those whose role opens them."""
    return list_members_with(Part.CASES)


def _checked_title(title: str, origin: Origin | None) -> str:
    """The title, which only a case that comes from a score can do without. Raises: InvalidInput."""
    is_needed = origin is None or origin.score is None
    return policy.checked_text(title, what=_kept("A title"), most=policy.LONGEST_TITLE, is_needed=is_needed)


def _case_of(origin: Origin | None) -> int | None:
    """The case that this interaction opened already."""
    return queries.find_case_of(origin.interaction_id) if origin else None


def _from(origin: Origin | None) -> dict[str, Any]:
    if origin is None:
        return {"origin": None}
    return {
        "origin": origin.interaction_id,
        "origin_thread": (origin.thread or "")[:200],
        "metric": (origin.metric or "")[:80],
        "score": origin.score,
        "channel": (origin.channel or "")[:80],
        "touchpoint": (origin.touchpoint or "")[:200],
        "words": (origin.words or "").replace("\x00", ""),
        "language": (origin.language or "")[:35],
    }


def _whose_turn(unit: str | None) -> int | None:
    latest = queries.last_assigned()
    workers = [Worker(card.id, card.role, card.unit, latest.get(card.id)) for card in list_owners()]
    return policy.choose_owner(unit, workers, {card.key: card.parent for card in list_units()})


def _checked_owner(owner_id: int | None) -> int | None:
    """The member, who must be able to work. Raises: InvalidInput."""
    if owner_id is not None and owner_id not in {card.id for card in list_owners()}:
        raise InvalidInput(_kept("There is no member %(given)s who could own a case."), given=owner_id)
    return owner_id


def _owned_by(owner_id: int | None, moment: datetime) -> dict[str, Any]:
    return {"owner_id": owner_id, "assigned_at": moment if owner_id else None}


def _get(case_id: int) -> Case:
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise InvalidInput(_kept("There is no case %(given)s."), given=case_id)
    return case


def _move(case: Case, expected: str, **values: Any) -> None:
    """Change a case that stands where it is expected: of two at once, one wins."""
    if not Case.objects.filter(pk=case.pk, state=expected).update(**values):
        raise InvalidInput(NOT_THERE[expected], given=case.pk)


def _write(
    case: Case,
    kind: str,
    moment: datetime,
    member_id: int | None,
    *,
    text: str = "",
    owner_id: int | None = None,
    **attributes: Any,
) -> None:
    """Keep what was done, and record it in the log, in the caller's transaction."""
    entry = Entry.objects.create(
        case=case, kind=kind, made_at=moment, member_id=member_id, owner_id=owner_id, text=text
    )
    who = find_identifier(case.identity_id)
    if who is None:
        raise InvalidInput(_kept("The customer of case %(given)s is no longer known."), given=case.pk)
    owner = f"member-{owner_id}" if owner_id else None
    journal.record([fact_of(case, entry, who, owner=owner, **attributes)], source=case.source, now=moment)
