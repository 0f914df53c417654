"""What came in, how fresh it is, and how much of it can be used: by source, with the languages of customers' words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.home import PARTS, Context, PartKind
from regard.apps.dashboards.readings import LEAST, Ask
from regard.apps.dashboards.saying import LEAST_COMMENTS
from regard.apps.intake.queries import list_sources
from regard.apps.journal.queries import list_aside_groups
from regard.apps.organisation.policy import Sight
from regard.webkit import formats
from regard.webkit.figures import interval_text
from regard.webkit.measures import MEASURES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_SOURCES, MOST_LANGUAGES, LEAST_WORDS = 12, 6, 20
# What fewer wrote in or answered is not told to who may not read single answers: it would point at people.
LEAST_IN_LANGUAGE = LEAST_COMMENTS


@dataclass(frozen=True, slots=True)
class Source:
    """What one source gave in the period."""

    title: str
    is_made_up: bool
    last: str
    n: str
    n_answers: str
    words: str
    response: str
    n_aside: str


@dataclass(frozen=True, slots=True)
class Usable:
    """All sources, the languages of what customers wrote, and how old the newest interaction is."""

    sources: tuple[Source, ...]
    languages: tuple[tuple[str, str], ...]
    newest: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What the log holds of one source within the period; `received_at` is when its newest came."""

    source: str
    n: int
    n_answers: int
    n_words: int
    received_at: datetime


def read_usable(context: Context) -> Usable | None:
    """None where nothing came in within the period."""
    window = context.window
    counted = context.remember("usable", lambda connection: count_sources(connection, context))
    if not counted:
        return None
    languages = context.remember("languages", lambda connection: count_languages(connection, context))
    known = {row.key: row for row in list_sources()}
    aside: dict[str, int] = {}
    for source, _reason, n in list_aside_groups():
        aside[source] = aside.get(source, 0) + n
    rates = _response_rates(context)
    rows = tuple(
        Source(
            title=known[one.source].title if one.source in known else one.source,
            is_made_up=one.source in known and known[one.source].is_made_up,
            last=formats.ago(one.received_at, context.now),
            n=formats.number(one.n),
            n_answers=formats.number(one.n_answers) if one.n_answers else "",
            words=_share_with_words(one, context.sight),
            response=rates.get(one.source, ""),
            n_aside=formats.number(aside[one.source]) if one.source in aside else "",
        )
        for one in counted[:MOST_SOURCES]
        if window.source in (None, one.source)
    )
    newest = max(one.received_at for one in counted)
    return Usable(rows, _shares(languages, context.sight), formats.ago(newest, context.now))


def count_sources(connection: DuckDBPyConnection, context: Context) -> list[Counted]:
    """Interactions, answers and answers in words of each source within the period and the reader's units."""
    scope, values = _within(context.sight)
    rows = connection.execute(
        f"""SELECT source, count(*), count(*) FILTER (WHERE kind = 'survey.answered'),
                count(*) FILTER (WHERE kind = 'survey.answered' AND trim(coalesce(text, '')) <> ''), max(received_at)
            FROM log WHERE occurred_at >= ? AND occurred_at < ? AND {scope}
            GROUP BY source ORDER BY count(*) DESC, source""",
        [context.window.period.start, context.window.period.end, *values],
    ).fetchall()
    return [Counted(*row) for row in rows]


def count_languages(connection: DuckDBPyConnection, context: Context) -> list[tuple[str, int]]:
    """In which languages customers wrote within the period, the most frequent first; "" where it is not known."""
    scope, values = _within(context.sight)
    source = context.window.source
    if source is not None:
        scope, values = f"{scope} AND source = ?", [*values, source]
    return connection.execute(
        f"""SELECT coalesce(language, ''), count(*) AS n FROM log
            WHERE trim(coalesce(text, '')) <> '' AND occurred_at >= ? AND occurred_at < ? AND {scope}
            GROUP BY 1 ORDER BY n DESC, 1""",
        [context.window.period.start, context.window.period.end, *values],
    ).fetchall()


def _response_rates(context: Context) -> dict[str, str]:
    """The share of those asked who answered, with its interval, by source."""
    measure = MEASURES.get("fraction")
    found = context.readings.ask(Ask("response_rate", context.window.period, by=("source",))).readings
    return {
        str(
            one.group["source"]
        ): f"{measure.value(one.estimate.value)} ({interval_text(one.estimate, measure)})"
        for one in found
        if one.estimate and one.group.get("source")
    }


def _share_with_words(one: Counted, sight: Sight) -> str:
    """How many of a source's answers came with words; nothing where few did, or did not, and the reader may not know who."""
    if not one.n_answers:
        return ""
    fewest = min(n for n in (one.n_words, one.n_answers - one.n_words, one.n_answers) if n)
    if fewest < LEAST and not sight.reads_answers:
        return ""
    return formats.percent(one.n_words / one.n_answers, 0)


def _shares(languages: Sequence[tuple[str, int]], sight: Sight) -> tuple[tuple[str, str], ...]:
    """Each language with its share; none where so few wrote that it would point at people.

    Languages of few are left out with the smallest of the others, so that none follows by subtraction.
    """
    total = sum(n for _code, n in languages)
    if total < LEAST_WORDS:
        return ()
    if not sight.reads_answers:
        shown = [one for one in languages if one[1] >= LEAST_IN_LANGUAGE]
        rest = total - sum(n for _code, n in shown)
        languages = shown[:-1] if 0 < rest < LEAST_IN_LANGUAGE else shown
    return tuple(
        (formats.language_name(code) if code else _now("language not known"), formats.percent(n / total, 0))
        for code, n in languages[:MOST_LANGUAGES]
    )


def _within(sight: Sight) -> tuple[str, list[object]]:
    """The condition that keeps to the reader's units."""
    if sight.units is None:
        return "true", []
    if not sight.units:
        return "false", []
    return f"unit IN ({', '.join('?' for _ in sight.units)})", [*sorted(sight.units)]


def say_newest(usable: Usable) -> SafeString:
    """How fresh the page is."""
    return format_html(_now("The newest data came in {newest}."), newest=usable.newest)


usable = PARTS.register(
    PartKind(
        key="usable",
        title=_("What came in, and what of it is usable"),
        read=read_usable,
        say=say_newest,
        is_wide=True,
    )
)
