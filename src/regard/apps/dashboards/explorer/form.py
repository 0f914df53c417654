"""The form in which a question is put together: every choice there is, the present one marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from regard.apps.dashboards import defining
from regard.apps.dashboards.explorer import words
from regard.apps.dashboards.explorer.asked import (
    COMPARISONS,
    MOST_FILTERS,
    OWN_DAYS,
    SETTING,
    Problem,
    Question,
)
from regard.apps.dashboards.explorer.filters import FILTERED, NUMBERS, WAYS, WORDS, Filter
from regard.apps.dashboards.explorer.found import Found
from regard.apps.dashboards.windows import CHOICES
from regard.kernel.periods import Grain
from regard.metrics.dimensions import ACCOUNT, ATTRIBUTE, COLUMNS, TRAIT

# More names than this are searched by typing, not by scrolling.
MOST_LISTED = 40


@dataclass(frozen=True, slots=True)
class Option:
    """One choice."""

    value: str
    title: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices of one kind under a heading; without a heading they stand on their own."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Picker:
    """One dimension to choose: by a list, or where there are many names, by typing part of one (`is_searched`)."""

    value: str
    groups: tuple[Choices, ...]
    is_searched: bool


@dataclass(frozen=True, slots=True)
class FilterRow:
    """One filter, or the empty one in which the next is written; `values` are those to choose from."""

    on: Picker
    ways: tuple[Option, ...]
    value: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting of the metric, and what it means."""

    name: str
    title: str
    value: str
    default: str
    meaning: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """All fields."""

    metrics: tuple[Choices, ...]
    by: tuple[Picker, ...]
    days: tuple[Option, ...]
    is_own_days: bool
    since: str
    until: str
    every: tuple[Option, ...]
    compare: tuple[Option, ...]
    against: str
    groups: tuple[str, ...]
    filters: tuple[FilterRow, ...]
    where: str
    settings: tuple[SettingField, ...]
    n_more: int
    problems: tuple[Problem, ...]


def make_form(
    question: Question,
    found: Found,
    problems: Sequence[Problem] = (),
    *,
    groups: Iterable[str] = (),
    drafts: Sequence[Filter] = (),
    values_of: Callable[[str], Sequence[str]] = lambda _name: (),
) -> QuestionForm:
    """The form of a question.

    Args:
        found: by what else the data can be cut.
        groups: names of groups that there are, to compare with.
        drafts: filters that still wait for their value. values_of: the values that a dimension has.
    """
    filters = [*question.filters, *drafts, Filter("", "is", "")][:MOST_FILTERS]
    by = [*question.by, "", ""][:2]
    return QuestionForm(
        metrics=_metrics(question.metric),
        by=tuple(_picker(name, _dimensions(found, COLUMNS, name), found) for name in by),
        days=tuple(
            Option(key, str(words.LENGTHS[key]), key == question.days) for key in (*CHOICES, OWN_DAYS)
        ),
        is_own_days=question.days == OWN_DAYS,
        since=question.since.isoformat() if question.since else "",
        until=question.until.isoformat() if question.until else "",
        every=_named(
            "", _("not cut"), [(grain, str(words.GRAINS[grain])) for grain in Grain], question.every or ""
        ),
        compare=_named(
            "", _("nothing"), [(key, str(words.COMPARED[key])) for key in COMPARISONS], question.compare
        ),
        against=question.against,
        groups=tuple(groups),
        filters=tuple(_filter(one, found, values_of) for one in filters),
        where=question.where,
        settings=_settings(question),
        n_more=len(filters) - 1 + len(question.values) + bool(question.where),
        problems=tuple(problems),
    )


def _metrics(chosen: str) -> tuple[Choices, ...]:
    """Scores first, then the others, each by its name."""
    from regard.metrics.catalogue import METRICS

    heads: dict[str, list[Option]] = {_("What customers say"): [], _("What happened"): [], _("Money"): []}
    for metric in METRICS:
        answers = "survey.answered" in metric.reads
        head = (
            _("Money")
            if str(metric.unit) == "money"
            else _("What customers say")
            if answers
            else _("What happened")
        )
        heads[head].append(Option(metric.key, words.metric_title(metric.key), metric.key == chosen))
    return tuple(
        Choices(head, tuple(sorted(options, key=lambda option: option.title)))
        for head, options in heads.items()
    )


def _dimensions(found: Found, columns: Sequence[str], chosen: str) -> tuple[Choices, ...]:
    listed = [*columns, *([ACCOUNT] if found.has_accounts and columns is COLUMNS else [])]
    own = [(key, words.dimension_title(key)) for key in listed]
    attributes = [
        (f"{ATTRIBUTE}.{name}", words.dimension_title(f"{ATTRIBUTE}.{name}")) for name in found.attributes
    ]
    traits = [(f"{TRAIT}.{name}", words.dimension_title(f"{TRAIT}.{name}")) for name in found.traits]
    known = {key for key, _title in (*own, *attributes, *traits)}
    typed = [(chosen, words.dimension_title(chosen))] if chosen and chosen not in known else []
    heads = [
        ("", own),
        (_("Attributes found in the data"), sorted(attributes, key=lambda one: one[1])),
        (_("Traits of customers"), traits),
        (_("Typed"), typed),
    ]
    return tuple(
        Choices(head, tuple(Option(key, title, key == chosen) for key, title in pairs))
        for head, pairs in heads
        if pairs
    )


def _picker(chosen: str, groups: tuple[Choices, ...], found: Found) -> Picker:
    return Picker(chosen, groups, len(found.keys) > MOST_LISTED)


def _filter(one: Filter, found: Found, values_of: Callable[[str], Sequence[str]]) -> FilterRow:
    ways = tuple(Option(way.key, str(way.title), way.key == one.way) for way in WAYS)
    picker = _picker(one.on, _dimensions(found, FILTERED, one.on), found)
    values = tuple(values_of(one.on)) if one.on and one.on not in (*NUMBERS, *WORDS) else ()
    return FilterRow(picker, ways, one.value, values)


def _named(key: str, title: str, pairs: Iterable[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
    """Choices that begin with none of them."""
    return (Option(key, title, chosen == key), *(Option(k, t, k == chosen) for k, t in pairs))


def _settings(question: Question) -> tuple[SettingField, ...]:
    from regard.metrics.catalogue import METRICS

    given = dict(question.values)
    return tuple(
        SettingField(
            name=SETTING + setting.name,
            title=defining.setting_title(setting.name),
            value=given.get(setting.name, ""),
            default=_told(setting.default),
            meaning=defining.told(setting.meaning),
            options=tuple(
                Option(one, defining.choice_title(one), given.get(setting.name, setting.default) == one)
                for one in setting.allowed
            ),
        )
        for setting in METRICS.get(question.metric).settings
    )


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)
