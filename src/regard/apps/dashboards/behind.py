"""Behind a figure: the interactions that it counts for whoever may read them, customers' words for the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from regard.apps.customers.web.words import kind_of, tone_of
from regard.apps.dashboards import words
from regard.apps.dashboards.parts.comments import ASKED, Words, words_of
from regard.apps.dashboards.saying import Comments, list_comments
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part, Sight
from regard.apps.organisation.services import note_reading
from regard.kernel.periods import Period
from regard.webkit import formats
from regard.webkit.hub import Hub
from regard.webkit.navigation import find_address

if TYPE_CHECKING:
    from regard.metrics.behind import Behind, Counted

PAGE = 25


@dataclass(frozen=True, slots=True)
class Beneath:
    """What is looked beneath, by whom.

    Args:
        source: the key of the one source that is read; None for all.
        where: a condition over the columns of the log; empty for the whole.
        group: the values of dimensions as a reading tells them, None where there is none.
        values: settings of the metric that the reader chose, by name.
    """

    member: Member
    sight: Sight
    period: Period
    unit_titles: Mapping[str, str]
    zone: ZoneInfo
    hub: Hub
    source: str | None = None
    where: str = ""
    group: tuple[tuple[str, str | None], ...] = ()
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One interaction, ready to be shown. Personal: `text`.

    Args:
        tone: whether an answer is a good or a bad one, as a tag is coloured.
        href: the customer's page; empty where nobody is known or the reader may not open it.
    """

    when: str
    what: str
    answer: str
    tone: str
    about: str
    text: str
    language: str
    href: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of what stands behind a figure, and how much there is in all."""

    n: int
    n_text: str
    shown: tuple[Line, ...]


def read_lines(metric: str, given: Beneath, number: int) -> Lines | None:
    """The interactions that the metric counts, page by page; None where the reader may not read single answers.

    That they were read is written down.
    """
    if not given.sight.reads_answers:
        return None
    found = _ask(metric, given, number)
    if found.n and not found.rows:
        found = _ask(metric, given, -(-found.n // PAGE))
    note_reading(given.member, "answers", [row.interaction_id for row in found.rows])
    return Lines(found.n, formats.number(found.n), tuple(_line(row, given) for row in found.rows))


def read_words(given: Beneath) -> Words | None:
    """Customers' words within the group, for who may read them but no single answers. That is written down, too."""
    sight = given.sight
    if sight.reads_answers or not sight.may(Part.COMMENTS):
        return None

    def ask() -> Comments:
        with given.hub.cursor() as cursor:
            return list_comments(
                cursor, sight, given.period, source=given.source, where=given.where, limit=ASKED
            )

    found = given.hub.remember(("words", sight, given.period, given.source, given.where), ask)
    if not found.n:
        return None
    shown = words_of(found, sight, given.unit_titles, given.zone)
    if shown.customers:
        note_reading(given.member, "comments", shown.customers)
    return shown


def _ask(metric: str, given: Beneath, number: int) -> Behind:
    from regard.metrics.behind import list_behind
    from regard.metrics.settings import MetricSettings
    from regard.metrics.templates import literal

    sight = given.sight
    parts = [f"({given.where})"] if given.where else []
    parts += [f"source = {literal(given.source)}"] if given.source else []

    def ask() -> Behind:
        with given.hub.cursor() as cursor:
            return list_behind(
                metric,
                connection=cursor,
                period=given.period,
                where=" AND ".join(parts),
                group=dict(given.group),
                scope=None if sight.units is None else tuple(sorted(sight.units)),
                settings=MetricSettings(dict(given.values)),
                limit=PAGE,
                offset=(number - 1) * PAGE,
            )

    asked = (sight, given.period, tuple(parts), given.group, given.values)
    return given.hub.remember(("behind", metric, *asked, number), ask)


def _is_member(agent: str | None) -> bool:
    """Whether it is one of ours by number, as cases name them, which tells a reader nothing."""
    return (agent or "").startswith("member-")


def _line(row: Counted, given: Beneath) -> Line:
    is_known = row.customer_id is not None and row.customer_id >= 0
    amount = formats.money(row.amount_minor, row.currency) if row.amount_minor and row.currency else ""
    about = (
        words.channel_of(row.channel) if row.channel else "",
        words.touchpoint_of(row.touchpoint) if row.touchpoint else "",
        given.unit_titles.get(row.unit or "", row.unit or ""),
        "" if _is_member(row.agent) else row.agent or "",
        amount,
    )
    return Line(
        when=formats.moment(row.occurred_at, given.zone),
        what=kind_of(row.kind),
        answer=words.answer_of(row.metric, row.score),
        tone=tone_of(row.metric, row.score) or "flat",
        about=" · ".join(part for part in about if part),
        text=row.text or "",
        language=row.language or "",
        href=find_address("customer", row.customer_id)
        if is_known and given.sight.may(Part.CUSTOMERS)
        else "",
    )
