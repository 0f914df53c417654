"""What customers say: their latest words, and those that came with the lowest and the highest answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from regard.apps.customers.web.words import tone_of
from regard.apps.dashboards import words
from regard.apps.dashboards.home import PARTS, Context, PartKind
from regard.apps.dashboards.saying import LEAST_COMMENTS, Comment, Comments, list_comments
from regard.apps.organisation.policy import Part, Sight
from regard.webkit import formats
from regard.webkit.navigation import find_address

SHOWN = 3
ASKED = 2 * SHOWN  # Those of the latest that are also among the lowest or highest are left out there.


@dataclass(frozen=True, slots=True)
class Said:
    """A comment, ready to be shown. Personal: `text`.

    Args:
        href: the customer's page; empty where the reader may not open it.
    """

    text: str
    language: str
    answer: str
    tone: str
    about: str
    href: str


@dataclass(frozen=True, slots=True)
class Words:
    """Some comments of each kind, or how few there are where they are withheld.

    Args:
        columns: a heading with comments; those without any are left out.
        customers: whose they are.
    """

    hint: str
    columns: tuple[tuple[str, tuple[Said, ...]], ...]
    is_withheld: bool
    least: int
    customers: tuple[int, ...] = ()


def read_comments(context: Context) -> Words | None:
    """None where the reader may not read customers' words, or there are none."""
    sight, window = context.sight, context.window
    if not sight.may(Part.COMMENTS):
        return None
    found = context.remember(
        "comments",
        lambda connection: list_comments(connection, sight, window.period, source=window.source, limit=ASKED),
    )
    return words_of(found, sight, context.unit_titles, context.zone) if found.n else None


def words_of(found: Comments, sight: Sight, unit_titles: Mapping[str, str], zone: ZoneInfo) -> Words:
    """Comments as pages show them: none stands twice."""
    latest = found.latest[:SHOWN]
    lowest, highest = (
        tuple(one for one in some if one not in latest)[:SHOWN] for some in (found.lowest, found.highest)
    )
    columns = (
        (str(_("Latest")), latest),
        (str(_("With the lowest answers")), lowest),
        (str(_("With the highest answers")), highest),
    )
    whose = [one.customer_id for one in (*latest, *lowest, *highest)]
    return Words(
        hint=words.comments_text(found.n),
        columns=tuple((title, _all(some, sight, unit_titles, zone)) for title, some in columns if some),
        is_withheld=found.is_withheld,
        least=LEAST_COMMENTS,
        customers=tuple(sorted({one for one in whose if one is not None})),
    )


def _all(
    comments: Sequence[Comment], sight: Sight, unit_titles: Mapping[str, str], zone: ZoneInfo
) -> tuple[Said, ...]:
    return tuple(_said(comment, sight, unit_titles, zone) for comment in comments)


def _said(comment: Comment, sight: Sight, unit_titles: Mapping[str, str], zone: ZoneInfo) -> Said:
    about = (
        words.channel_of(comment.channel) if comment.channel else "",
        words.touchpoint_of(comment.touchpoint) if comment.touchpoint else "",
        unit_titles.get(comment.unit or "", comment.unit or ""),
        formats.day(comment.occurred_at, zone),
    )
    is_open = comment.customer_id is not None and comment.customer_id >= 0
    may_open = is_open and sight.reads_answers and sight.may(Part.CUSTOMERS)
    return Said(
        text=comment.text,
        language=comment.language,
        answer=words.answer_of(comment.metric, comment.score),
        tone=tone_of(comment.metric, comment.score) or "flat",
        about=" · ".join(part for part in about if part),
        href=find_address("customer", comment.customer_id) if may_open else "",
    )


comments = PARTS.register(
    PartKind(
        key="comments",
        title=_("What they say"),
        read=read_comments,
        is_wide=True,
        names=lambda words: {"comments": words.customers},
    )
)
