"""Cases and waiting customers as the homes list them."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from regard.apps.cases.queries import CaseCard
from regard.apps.cases.web.lines import Line
from regard.apps.customers.names import list_names
from regard.apps.customers.web.words import customer_called, kind_of
from regard.apps.dashboards.home import Context
from regard.apps.dashboards.waiting import Waiters, Waiting, is_long, list_waiting
from regard.apps.organisation.policy import Part
from regard.webkit import formats
from regard.webkit.words import channel_of


def read_waiting(context: Context) -> Waiters:
    """Who waits for an answer in the reader's units, longest first; nobody where they may not see customers."""
    if not context.sight.may(Part.CUSTOMERS):
        return Waiters()
    minute = context.now.replace(second=0, microsecond=0)
    return context.remember(
        f"waiting {minute.isoformat()}",
        lambda connection: list_waiting(
            connection, context.sight, now=context.now, source=context.window.source
        ),
    )


def waiting_lines(waiting: Sequence[Waiting], context: Context) -> list[Line]:
    """The lines of customers who wait."""
    names = list_names(one.identity_id for one in waiting)
    return [
        Line(
            title=customer_called(name.kind, name.value, name.customer_id),
            href=reverse("customer", args=[name.customer_id]),
            called="",
            detail=" · ".join(part for part in _about(one, context) if part),
            words=one.text or "",
            language=one.language or "",
            tag=_("waits %(time)s") % {"time": formats.duration((context.now - one.since).total_seconds())},
            tone="bad" if is_long(one, context.now) else "due",
            due=formats.moment(one.since, context.zone),
        )
        for one in waiting
        if (name := names.get(one.identity_id)) is not None
    ]


def names_of(cases: Sequence[CaseCard], waiting: Sequence[Waiting]) -> dict[str, tuple[int, ...]]:
    """Which cases and customers a list shows, for the record of who read what: customers as they are known now."""
    customers = {name.customer_id for name in list_names(one.identity_id for one in waiting).values()}
    return {"cases": tuple(one.id for one in cases), "customers": tuple(sorted(customers))}


def _about(one: Waiting, context: Context) -> tuple[str, ...]:
    return (
        kind_of(one.kind),
        channel_of(one.channel) if one.channel else "",
        context.unit_titles.get(one.unit or "", one.unit or ""),
    )
