"""What customers say: their latest words, each with the answer that it came with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards import queries, words
from regard.apps.dashboards.home import PARTS, Context, PartKind
from regard.apps.dashboards.queries import LEAST_COMMENTS, Comment, Comments
from regard.apps.organisation.policy import Part
from regard.webkit import formats

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Said:
    """A comment, ready to be shown."""

    text: str
    language: str
    about: str


@dataclass(frozen=True, slots=True)
class Words:
    """The latest comments, or how few there are where they are withheld."""

    hint: str
    latest: tuple[Said, ...]
    is_withheld: bool
    least: int


def read_comments(context: Context) -> Words | None:
    """None where the reader may not read customers' words, or there are none."""
    if not context.sight.may(Part.COMMENTS):
        return None
    found = context.remember("comments", lambda connection: _ask(context, connection))
    if not found.latest and not found.is_withheld:
        return None
    return Words(
        hint=words.comments_text(found.n),
        latest=tuple(_said(comment, context) for comment in found.latest),
        is_withheld=found.is_withheld,
        least=LEAST_COMMENTS,
    )


def _ask(context: Context, connection: DuckDBPyConnection) -> Comments:
    window = context.window
    return queries.list_comments(connection, context.sight, window.period, source=window.source)


def _said(comment: Comment, context: Context) -> Said:
    about = (
        words.answer_of(comment.metric, comment.score),
        words.channel_of(comment.channel) if comment.channel else "",
        words.touchpoint_of(comment.touchpoint) if comment.touchpoint else "",
        context.unit_titles.get(comment.unit or "", comment.unit or ""),
        formats.day(comment.occurred_at, context.zone),
    )
    return Said(comment.text, comment.language, " · ".join(part for part in about if part))


comments = PARTS.register(
    PartKind(key="comments", title=_("What they say"), read=read_comments, is_wide=True)
)
