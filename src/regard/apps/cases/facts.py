"""How a case tells the log what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regard.apps.cases.models import Case, Entry
from regard.apps.customers.queries import IdentifierCard
from regard.apps.journal.facts import Fact


def fact_of(case: Case, entry: Entry, who: IdentifierCard, **attributes: Any) -> Fact:
    """The interaction `case.<kind of entry>`. Notes and what was said stay out of the log: they are our words.

    Args:
        attributes: what else is told, such as the outcome.
    """
    told: Mapping[str, Any] = {name: value for name, value in attributes.items() if value not in (None, "")}
    return Fact(
        message_id=f"case:{case.key}:{entry.pk}",
        kind=f"case.{entry.kind}",
        occurred_at=entry.made_at,
        user_id=who.value if who.kind == "user" else None,
        anonymous_id=who.value if who.kind == "anonymous" else None,
        email=who.value if who.kind == "email" else None,
        phone=who.value if who.kind == "phone" else None,
        channel=case.channel or None,
        touchpoint=case.touchpoint or None,
        unit=case.unit,
        agent=f"member-{entry.member_id}" if entry.member_id else None,
        thread=f"case:{case.key}",
        attributes=told or None,
    )
