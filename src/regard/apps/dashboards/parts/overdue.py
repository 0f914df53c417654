"""What is overdue or about to be in my units: cases, and customers without an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regard.apps.cases.queries import Counts, count_cases, list_cases
from regard.apps.cases.web.lines import Line, make_lines
from regard.apps.dashboards.home import PARTS, Context, PartKind
from regard.apps.dashboards.lines import names_of, read_waiting, waiting_lines
from regard.apps.organisation.policy import Part
from regard.webkit import formats

MOST = 6


@dataclass(frozen=True, slots=True)
class Overdue:
    """The cases that are due first, and who waits longest."""

    cases: tuple[Line, ...]
    waiting: tuple[Line, ...]
    counts: Counts
    n_long: int
    hint: str
    names: Mapping[str, tuple[int, ...]]


def read_overdue(context: Context) -> Overdue | None:
    """None where the reader may not see cases."""
    if not context.sight.may(Part.CASES):
        return None
    found = list_cases(context.sight, member_id=context.member_id, limit=MOST)
    counts = count_cases(context.sight, member_id=context.member_id, now=context.now)
    waiting = read_waiting(context)
    shown = waiting.first[:MOST]
    return Overdue(
        cases=make_lines(found, now=context.now, zone=context.zone, units=context.unit_titles),
        waiting=tuple(waiting_lines(shown, context)),
        counts=counts,
        n_long=waiting.n_long,
        hint=ngettext("%(n)s open", "%(n)s open", counts.open) % {"n": formats.number(counts.open)},
        names=names_of(found, shown),
    )


def say_overdue(part: Overdue) -> SafeString:
    """How much is overdue, and how much soon will be."""
    counts = part.counts
    said = []
    if counts.overdue:
        said.append(
            _counted(ngettext("{n} case is overdue", "{n} cases are overdue", counts.overdue), counts.overdue)
        )
    if counts.soon:
        text = ngettext("{n} will be within 8 hours", "{n} will be within 8 hours", counts.soon)
        said.append(_counted(text, counts.soon))
    if counts.unowned:
        text = ngettext("{n} is nobody's", "{n} are nobody's", counts.unowned)
        said.append(_counted(text, counts.unowned))
    if part.n_long:
        text = ngettext(
            "{n} customer waits too long for an answer",
            "{n} customers wait too long for an answer",
            part.n_long,
        )
        said.append(_counted(text, part.n_long))
    if not said:
        return SafeString(_now("Nothing is overdue."))
    return format_html("{}.", SafeString("; ".join(said)))


def _counted(text: str, n: int) -> SafeString:
    return format_html(text, n=format_html("<b>{}</b>", formats.number(n)))


overdue = PARTS.register(
    PartKind(
        key="overdue",
        title=_("Overdue and at risk"),
        read=read_overdue,
        say=say_overdue,
        names=lambda part: part.names,
    )
)
