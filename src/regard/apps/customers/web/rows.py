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
# Kinds from which something may follow.
TELLING = (
    "call.",
    "chat.",
    "message.",
    "email.",
    "order.",
    "delivery.",
    "invoice.",
    "review.",
    "subscription.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that happened, ready to be shown. Personal: `text`.

    Args:
        is_telling: something may follow from it, unlike from a page that was looked at.
    """

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
    is_telling: bool


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
    """Whether two neighbours belong on one line: steps of one call or chat, or the same thing done again."""
    if _talk(one) and _talk(one) == _talk(other) and one.thread and one.thread == other.thread:
        return True
    plain = not any((one.text, other.text, one.score is not None, other.score is not None))
    plain = plain and one.amount_minor is None and other.amount_minor is None
    return plain and (one.kind, one.channel, one.touchpoint, one.unit) == (
        other.kind, other.channel, other.touchpoint, other.unit,
    )  # fmt: skip


def _talk(moment: Moment) -> str:
    """Whether it is a step of a call or a chat, and which."""
    noun = moment.kind.partition(".")[0]
    return noun if noun in ("call", "chat") else ""


def _row(run: Sequence[Moment], zone: ZoneInfo, units: Mapping[str, str]) -> Row:
    moment = run[0]
    title = _title(run)
    if moment.score is not None and moment.metric:
        title = f"{words.question_of(moment.metric)} {words.score_of(moment.metric, moment.score)}"
    elif moment.amount_minor is not None and moment.currency:
        title = f"{title}: {formats.money(moment.amount_minor, moment.currency, short=False)}"
    return Row(
        interaction_id=moment.interaction_id,
        occurred_at=moment.occurred_at,
        clock=formats.clock(run[-1].occurred_at, zone),
        sign=SIGNS.get(moment.channel or "", "·"),
        title=title,
        detail=_detail(run, units),
        text=(moment.text or "").strip(),
        language=moment.language or "",
        tag=answer_of("nps", moment.score).split(" · ")[0] if moment.metric == "nps" else "",
        tone=words.tone_of(moment.metric, moment.score),
        is_telling=bool(moment.text) or moment.score is not None or moment.kind.startswith(TELLING),
    )


def _title(run: Sequence[Moment]) -> str:
    """What happened; of a call or chat of several steps, how it went."""
    kinds = [moment.kind for moment in run]
    talk = _talk(run[0])
    if not talk or len(run) == 1:
        return words.kind_of(kinds[0])
    if f"{talk}.abandoned" in kinds:
        return words.kind_of(f"{talk}.abandoned")
    return words.kind_of("call.queued" if talk == "call" else "chat.held")


def _detail(run: Sequence[Moment], units: Mapping[str, str]) -> str:
    moment = run[0]
    is_talk = bool(_talk(moment)) and len({one.kind for one in run}) > 1
    agent = next((one.agent for one in run if one.agent and not one.agent.startswith("member-")), "")
    waited = next((one.wait_seconds for one in run if one.wait_seconds), 0.0)
    took = next((one.duration_seconds for one in run if one.duration_seconds), 0.0)
    times = ngettext("%(n)s time", "%(n)s times", len(run)) % {"n": formats.number(len(run))}
    parts = [
        times if len(run) > 1 and not is_talk else "",
        channel_of(moment.channel) if moment.channel else "",
        touchpoint_of(moment.touchpoint) if moment.touchpoint else "",
        units.get(moment.unit or "", moment.unit or ""),
        _("waited %(time)s") % {"time": formats.duration(waited)} if waited else "",
        agent,
        _("took %(time)s") % {"time": formats.duration(took)} if took else "",
    ]
    return " · ".join(part for part in parts if part)
