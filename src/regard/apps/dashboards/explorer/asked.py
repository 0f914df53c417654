"""The question that an address asks, read without ever failing: what cannot be read is told beside its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from regard.apps.dashboards.explorer.filters import WAYS, Filter, column_of
from regard.apps.dashboards.readings import Ask
from regard.apps.dashboards.windows import CHOICES, USUAL, read_window
from regard.kernel.errors import InvalidInput
from regard.kernel.periods import Grain, Period
from regard.metrics.compare import PREVIOUS, YEAR_AGO
from regard.metrics.dimensions import read_dimension
from regard.metrics.moments import FIRST_YEAR, LAST_YEAR
from regard.webkit.refusals import refusal_of

USUAL_METRIC = "nps"
OWN_DAYS = "own"
GROUP = "group"
COMPARISONS = (PREVIOUS, YEAR_AGO, GROUP)
MOST_BY = 2
MOST_FILTERS = 6
LONGEST = 500
SETTING = "set."
Params = Mapping[str, list[str]]
FIRST_LOOK: Params = {"metric": [USUAL_METRIC], "days": [USUAL], "every": [Grain.WEEK], "compare": [PREVIOUS]}


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read: the name of its field, a sentence, and what exactly is wrong (in `lang`, if not the page's)."""

    name: str
    text: str
    detail: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What the reader asks.

    Args:
        days: one of the usual lengths, or OWN_DAYS for the days `since` to `until`, both included.
        every: how finely it is cut over time; None for the whole only.
        where: a free condition beside the filters.
        compare: one of COMPARISONS, or nothing; `against` is the value of the first dimension for GROUP.
        values: settings of the metric that were given.
    """

    metric: str = USUAL_METRIC
    by: tuple[str, ...] = ()
    days: str = USUAL
    since: date | None = None
    until: date | None = None
    every: Grain | None = None
    filters: tuple[Filter, ...] = ()
    where: str = ""
    compare: str = ""
    against: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def query(self) -> str:
        """The same question as an address asks it, without the leading question mark."""
        own = self.days == OWN_DAYS
        pairs = [
            ("metric", self.metric),
            *(("by", name) for name in self.by),
            ("days", self.days),
            ("since", self.since.isoformat() if own and self.since else ""),
            ("until", self.until.isoformat() if own and self.until else ""),
            ("every", self.every or ""),
            *(
                pair
                for one in self.filters
                for pair in (("on", one.on), ("way", one.way), ("value", one.value))
            ),
            ("where", self.where),
            ("compare", self.compare),
            ("against", self.against),
            *((SETTING + name, value) for name, value in self.values),
        ]
        return urlencode([pair for pair in pairs if pair[1] or pair[0] == "value"])

    @property
    def condition(self) -> str:
        """The filters and the free condition as one. Raises: InvalidInput."""
        parts = [one.sql() for one in self.filters] + ([f"({self.where})"] if self.where else [])
        return " and ".join(parts)

    @property
    def comparison(self) -> str:
        """What to compare with, as `compute` reads it."""
        if self.compare == GROUP:
            return f"{self.by[0]}={self.against}" if self.by and self.against else ""
        return self.compare

    def ask(self, period: Period) -> Ask:
        """The question as it is put to the log. Raises: InvalidInput for a filter that cannot be."""
        return Ask(
            self.metric,
            period,
            by=self.by,
            every=self.every,
            compare=self.comparison,
            where=self.condition,
            values=self.values,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """A question with what was wrong in its address, and the filters that still wait for their value."""

    question: Question
    problems: tuple[Problem, ...] = ()
    drafts: tuple[Filter, ...] = ()


def read_question(
    params: Params, *, settings_of: Callable[[str], tuple[str, ...]], metrics: tuple[str, ...]
) -> Reading:
    """The question of an address; whatever cannot be read is left out and told.

    Args:
        settings_of: the names of a metric's settings. metrics: the keys of all metrics.
    """
    given = {name: [_clean(one) for one in values] for name, values in (params or FIRST_LOOK).items()}
    problems: list[Problem] = []
    metric = _last(given, "metric") or USUAL_METRIC
    if metric not in metrics:
        problems.append(Problem("metric", _("There is no metric called “%(name)s”.") % {"name": metric}))
        metric = USUAL_METRIC
    days, since, until = _read_days(given, problems)
    by = _read_by(given, problems)
    compare, against = _read_comparison(given, by, problems)
    filters, drafts = _read_filters(given, problems)
    question = Question(
        metric=metric,
        by=by,
        days=days,
        since=since,
        until=until,
        every=_read_grain(given, problems),
        filters=filters,
        where=_last(given, "where"),
        compare=compare,
        against=against,
        values=tuple(
            (name, value) for name in settings_of(metric) if (value := _last(given, SETTING + name))
        ),
    )
    return Reading(question, tuple(problems), drafts)


def period_of(
    question: Question, *, zone: ZoneInfo, now: datetime, first: datetime | None, last: datetime | None
) -> Period:
    """From when to when the question looks, given when the log begins and ends."""
    if question.days != OWN_DAYS:
        return read_window(question.days, "", zone=zone, now=now, first=first, last=last).period
    everything = read_window("all", "", zone=zone, now=now, first=first, last=last).period
    start = _midnight(question.since, zone) if question.since else everything.start
    end = _midnight(question.until + timedelta(days=1), zone) if question.until else everything.end
    return Period(start, max(start, end))


def _read_days(given: Params, problems: list[Problem]) -> tuple[str, date | None, date | None]:
    days = _last(given, "days") or USUAL
    since, until = _day(given, "since", problems), _day(given, "until", problems)
    if days == OWN_DAYS or ("days" not in given and (since or until)):
        if since and until and until < since:
            problems.append(Problem("until", _("The last day lies before the first one.")))
            until = None
        return OWN_DAYS, since, until
    if days not in CHOICES:
        problems.append(Problem("days", _("“%(name)s” is no length of time.") % {"name": days}))
        days = USUAL
    return days, since, until


def _day(given: Params, name: str, problems: list[Problem]) -> date | None:
    text = _last(given, name)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year < LAST_YEAR:
        problems.append(Problem(name, _("“%(name)s” is no day; write 2026-01-31.") % {"name": text}))
        return None
    return day


def _read_grain(given: Params, problems: list[Problem]) -> Grain | None:
    text = _last(given, "every")
    if not text:
        return None
    if text not in list(Grain):
        problems.append(Problem("every", _("“%(name)s” is no piece of time.") % {"name": text}))
        return None
    return Grain(text)


def _read_by(given: Params, problems: list[Problem]) -> tuple[str, ...]:
    found: list[str] = []
    for text in given.get("by", []):
        for name in text.split(","):
            try:
                key = read_dimension(name.strip()).key if name.strip() else ""
            except InvalidInput as error:
                told = _("Figures cannot be grouped by “%(name)s”.") % {"name": name.strip()}
                problems.append(Problem("by", told, *refusal_of(error)))
                continue
            if key and key not in found:
                found.append(key)
    if len(found) > MOST_BY:
        problems.append(Problem("by", _("Two groupings at once are the most.")))
    return tuple(found[:MOST_BY])


def _read_filters(given: Params, problems: list[Problem]) -> tuple[tuple[Filter, ...], tuple[Filter, ...]]:
    names, ways, values = (given.get(name, []) for name in ("on", "way", "value"))
    found: list[Filter] = []
    drafts: list[Filter] = []
    for at, name in enumerate(names):
        if not name:
            continue
        way = ways[at] if at < len(ways) and ways[at] else "is"
        one = Filter(name, way, values[at] if at < len(values) else "")
        try:
            column_of(name)
            if WAYS.get(way).has_value and not one.value:
                drafts.append(one)
                continue
            one.sql()
        except InvalidInput as error:
            told = _("The filter on “%(name)s” cannot be used.") % {"name": name}
            problems.append(Problem("filter", told, *refusal_of(error)))
            continue
        found.append(one)
    if len(found) > MOST_FILTERS:
        problems.append(Problem("filter", _("Six filters at once are the most.")))
    return tuple(found[:MOST_FILTERS]), tuple(drafts[:1])


def _read_comparison(given: Params, by: tuple[str, ...], problems: list[Problem]) -> tuple[str, str]:
    compare, against = _last(given, "compare"), _last(given, "against")
    if not compare:
        return "", ""
    if compare not in COMPARISONS:
        problems.append(Problem("compare", _("“%(name)s” is nothing to compare with.") % {"name": compare}))
        return "", ""
    if compare != GROUP:
        return compare, ""
    if not by:
        problems.append(Problem("compare", _("To compare with a group, choose first by what to group.")))
        return "", ""
    return compare, against


def _last(given: Params, name: str) -> str:
    values = given.get(name)
    return values[-1] if values else ""


def _clean(text: str) -> str:
    return "".join(letter for letter in text[:LONGEST] if letter.isprintable() or letter == " ").strip()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
