"""A timeline as it is shown: days, and in each what happened, alike things in a row told once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regard.apps.customers.timeline import Moment
from regard.apps.customers.web import words
from regard.webkit import formats
from regard.webkit.words import answer_of, channel_of, touchpoint_of

SIGNS = {
    "web": "◍", "app": "▢", "email": "✉", "phone": "✆", "chat": "❝", "sms": "✉", "social": "#", "store": "⌂", "mail": "▣",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that happened, ready to be shown. Personal: `text`."""

    interaction_id: str
    occurred_at: datetime
    clock: str
    sign: str
    title: str
    detail: str
    text: str
    language: str
    tag: str
    tone: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what happened on it, newest first."""

    title: str
    rows: tuple[Row, ...]


def make_days(moments: Sequence[Moment], *, zone: ZoneInfo, units: Mapping[str, str]) -> tuple[Day, ...]:
    """The days of a page of a timeline.

    Args:
        units: what units are called, by key.
    """
    days: list[tuple[str, list[list[Moment]]]] = []
    for moment in moments:
        title = formats.day(moment.occurred_at, zone)
        if not days or days[-1][0] != title:
            days.append((title, []))
        runs = days[-1][1]
        if runs and _is_alike(runs[-1][-1], moment):
            runs[-1].append(moment)
        else:
            runs.append([moment])
    return tuple(Day(title, tuple(_row(run, zone, units) for run in runs)) for title, runs in days)


def _is_alike(one: Moment, other: Moment) -> bool:
    """Whether two neighbours say the same, so that one line with their number serves both."""
    plain = not any((one.text, other.text, one.score is not None, other.score is not None))
    plain = plain and one.amount_minor is None and other.amount_minor is None
    return plain and (one.kind, one.channel, one.touchpoint, one.unit) == (
        other.kind, other.channel, other.touchpoint, other.unit,
    )  # fmt: skip


def _row(run: Sequence[Moment], zone: ZoneInfo, units: Mapping[str, str]) -> Row:
    moment = run[0]
    title = words.kind_of(moment.kind)
    if moment.score is not None and moment.metric:
        title = f"{words.question_of(moment.metric)} {words.score_of(moment.metric, moment.score)}"
    elif moment.amount_minor is not None and moment.currency:
        title = f"{title}: {formats.money(moment.amount_minor, moment.currency, short=False)}"
    return Row(
        interaction_id=moment.interaction_id,
        occurred_at=moment.occurred_at,
        clock=formats.clock(moment.occurred_at, zone),
        sign=SIGNS.get(moment.channel or "", "·"),
        title=title,
        detail=_detail(run, units),
        text=(moment.text or "").strip(),
        language=moment.language or "",
        tag=answer_of("nps", moment.score).split(" · ")[0] if moment.metric == "nps" else "",
        tone=words.tone_of(moment.metric, moment.score),
    )


def _detail(run: Sequence[Moment], units: Mapping[str, str]) -> str:
    moment = run[0]
    parts = [
        ngettext("%(n)s time", "%(n)s times", len(run)) % {"n": formats.number(len(run))}
        if len(run) > 1
        else "",
        channel_of(moment.channel) if moment.channel else "",
        touchpoint_of(moment.touchpoint) if moment.touchpoint else "",
        units.get(moment.unit or "", moment.unit or ""),
        moment.agent if moment.agent and not moment.agent.startswith("member-") else "",
        _("waited %(time)s") % {"time": formats.duration(moment.wait_seconds)} if moment.wait_seconds else "",
        _("took %(time)s") % {"time": formats.duration(moment.duration_seconds)}
        if moment.duration_seconds
        else "",
    ]
    return " · ".join(part for part in parts if part)
