"""Who is waiting for me, in which order: my cases by deadline, then whoever of my units has had no answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regard.apps.cases.queries import count_cases, list_cases
from regard.apps.cases.web.lines import Line, make_lines
from regard.apps.dashboards.home import PARTS, Context, PartKind
from regard.apps.dashboards.lines import names_of, read_waiting, waiting_lines
from regard.apps.organisation.policy import Part
from regard.webkit import formats

MOST = 8


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue of one member.

    Args:
        n_cases, n_overdue: of all my open cases. n_waiting: customers without an answer.
        n_unowned: cases of my units that nobody has taken.
    """

    cases: tuple[Line, ...]
    waiting: tuple[Line, ...]
    n_cases: int
    n_overdue: int
    n_waiting: int
    n_unowned: int
    hint: str
    names: Mapping[str, tuple[int, ...]]


def read_queue(context: Context) -> Queue | None:
    """None where the reader may not see cases."""
    if not context.sight.may(Part.CASES):
        return None
    mine = list_cases(context.sight, member_id=context.member_id, owner_id=context.member_id, limit=MOST)
    counts = count_cases(
        context.sight, member_id=context.member_id, now=context.now, owner_id=context.member_id
    )
    waiting = read_waiting(context)
    shown = waiting.first[:MOST]
    return Queue(
        cases=make_lines(
            mine, now=context.now, zone=context.zone, units=context.unit_titles, reader_id=context.member_id
        ),
        waiting=tuple(waiting_lines(shown, context)),
        n_cases=counts.open,
        n_overdue=counts.overdue,
        n_waiting=waiting.n,
        n_unowned=count_cases(context.sight, member_id=context.member_id, now=context.now).unowned,
        hint=_now("by deadline"),
        names=names_of(mine, shown),
    )


def say_queue(queue: Queue) -> SafeString:
    """How many wait, and whether any is late."""
    if not queue.n_cases and not queue.n_waiting:
        return SafeString(_now("Nobody is waiting for you."))
    parts = []
    if queue.n_cases:
        text = ngettext("{n} case waits for you", "{n} cases wait for you", queue.n_cases)
        parts.append(format_html(text, n=format_html("<b>{}</b>", formats.number(queue.n_cases))))
    if queue.n_waiting:
        text = ngettext(
            "{n} customer waits for an answer", "{n} customers wait for an answer", queue.n_waiting
        )
        parts.append(format_html(text, n=format_html("<b>{}</b>", formats.number(queue.n_waiting))))
    if queue.n_overdue:
        text = ngettext("{n} case is overdue", "{n} cases are overdue", queue.n_overdue)
        parts.append(format_html(text, n=format_html("<b>{}</b>", formats.number(queue.n_overdue))))
    return format_html("{}.", SafeString("; ".join(parts)))


queue = PARTS.register(
    PartKind(
        key="queue",
        title=_("Who is waiting for me"),
        read=read_queue,
        say=say_queue,
        is_wide=True,
        names=lambda part: part.names,
    )
)
