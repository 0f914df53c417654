"""Cases as lists show them: on their own page, on a customer's page and on the homes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from regard.apps.cases.queries import CaseCard
from regard.apps.cases.web import words
from regard.apps.customers.names import list_names
from regard.apps.customers.web.words import customer_called, when


@dataclass(frozen=True, slots=True)
class Line:
    """One case in a list. Personal: all but `href`, `tag` and `tone`."""

    title: str
    href: str
    called: str
    detail: str
    words: str
    language: str
    tag: str
    tone: str
    due: str


def make_lines(
    cases: Sequence[CaseCard],
    *,
    now: datetime,
    zone: ZoneInfo,
    units: Mapping[str, str],
    reader_id: int | None = None,
) -> tuple[Line, ...]:
    """The lines of a list of cases, in its order.

    Args:
        units: what units are called, by key.
        reader_id: whose own name is left out; None: every owner is named.
    """
    names = list_names(case.identity_id for case in cases)
    lines = []
    for case in cases:
        name = names.get(case.identity_id)
        called = customer_called(name.kind, name.value, name.customer_id) if name else _("erased customer")
        owner = case.owner.name if case.owner else _("nobody's yet")
        is_own = case.owner is not None and case.owner.id == reader_id
        parts = [called, "" if is_own else owner, units.get(case.unit or "", case.unit or "")]
        lines.append(
            Line(
                title=words.title_of(case),
                href=reverse("case", args=[case.id]),
                called=called,
                detail=" · ".join(part for part in parts if part),
                words=case.words,
                language=case.language,
                tag=words.deadline_of(case, now),
                tone=words.TONES[case.urgency(now)],
                due=when(case.due_at, zone),
            )
        )
    return tuple(lines)
