"""Reading a question from an address: nothing that stands in one may break the page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regard.apps.dashboards.explorer.asked import Question, Reading, period_of, read_question
from regard.apps.dashboards.explorer.filters import Filter
from regard.kernel.errors import InvalidInput
from regard.kernel.periods import Grain

ATHENS = ZoneInfo("Europe/Athens")
NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


def read(query: str) -> Reading:
    return read_question(
        parse_qs(query, keep_blank_values=True), settings_of=lambda _key: ("basis",), metrics=("nps", "csat")
    )


def span(query: str) -> tuple[str, str]:
    first, last = NOW - timedelta(days=800), NOW - timedelta(days=1)
    period = period_of(read(query).question, zone=ATHENS, now=NOW, first=first, last=last)
    return period.start.isoformat(), period.end.isoformat()


def test_without_a_question_the_first_look_is_recommendation_by_week_against_the_period_before() -> None:
    question = read("").question
    assert (question.metric, question.every, question.compare) == ("nps", Grain.WEEK, "previous")


def test_a_question_comes_back_from_its_own_address_unchanged() -> None:
    asked = read(
        "metric=csat&by=channel&by=attributes.plan&days=own&since=2026-01-01&until=2026-06-30&every=month"
        "&on=channel&way=is&value=web&on=score&way=given&value=&where=score+%3E+2&compare=group&against=web&set.basis=x"
    ).question
    assert read(asked.query).question == asked
    assert asked.by == ("channel", "attributes.plan")
    assert asked.filters == (Filter("channel", "is", "web"), Filter("score", "given", ""))
    assert asked.values == (("basis", "x"),)
    assert asked.comparison == "channel=web"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("metric=npss", "metric"),
        ("by=nothing", "by"),
        ("by=channel&by=unit&by=agent", "by"),
        ("every=fortnight", "every"),
        ("days=7000", "days"),
        ("days=own&since=yesterday", "since"),
        ("days=own&until=9999-12-31", "until"),
        ("days=own&since=2026-05-02&until=2026-05-01", "until"),
        ("on=password&way=is&value=x", "filter"),
        ("on=channel&way=resembles&value=x", "filter"),
        ("on=score&way=at-least&value=many", "filter"),
        ("compare=tomorrow", "compare"),
        ("compare=group&against=web", "compare"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field_and_left_out(query: str, field: str) -> None:
    found = read(query)
    assert [problem.name for problem in found.problems] == [field]
    assert found.question.metric in ("nps", "csat")


def test_a_filter_without_its_value_waits_and_is_no_mistake() -> None:
    found = read("on=channel&way=is&value=")
    assert found.problems == ()
    assert found.question.filters == ()
    assert found.drafts == (Filter("channel", "is", ""),)


def test_own_days_hold_both_ends_in_the_zone_of_the_organisation() -> None:
    assert span("days=own&since=2026-03-28&until=2026-03-29") == (
        "2026-03-28T00:00:00+02:00",
        "2026-03-30T00:00:00+03:00",
    )


def test_open_ends_reach_as_far_as_the_log() -> None:
    assert span("days=own&since=2026-11-01")[1] == span("days=all")[1]
    assert span("days=own&until=2026-11-01")[0] == span("days=all")[0]


def test_the_usual_lengths_end_with_the_hour_that_runs() -> None:
    assert span("days=30")[1] == "2026-11-22T13:00:00+02:00"


@given(
    st.dictionaries(
        st.sampled_from(
            "metric by days since until every on way value where compare against set.basis view".split()
        ),
        st.lists(st.text(max_size=40), max_size=4),
    )
)
@settings(max_examples=300, deadline=None)
def test_no_address_breaks_the_reading(params: dict[str, list[str]]) -> None:
    found = read_question(params, settings_of=lambda _key: ("basis",), metrics=("nps", "csat"))
    period_of(found.question, zone=ATHENS, now=NOW, first=NOW - timedelta(days=9), last=NOW)
    again = read_question(
        parse_qs(found.question.query, keep_blank_values=True),
        settings_of=lambda _key: ("basis",),
        metrics=("nps", "csat"),
    )
    assert again.question == found.question


@pytest.mark.parametrize(
    ("one", "sql"),
    [
        (Filter("channel", "is", "web, app"), "channel in ('web', 'app')"),
        (Filter("channel", "is", "o'neill"), "channel in ('o''neill')"),
        (Filter("channel", "is-not", "web"), "(channel is null or not (channel in ('web')))"),
        (Filter("score", "is", "9"), "score in (9)"),
        (Filter("score", "below", "-1.5"), "score < (-1.5)"),
        (Filter("attributes.plan b", "at-least", "3"), 'try_cast(attributes."plan b" as double) >= 3'),
        (Filter("trait.city", "missing", ""), 'trait."city" is null'),
        (Filter("text", "contains", "Late"), "contains(lower(cast(text as varchar)), 'late')"),
    ],
)
def test_filters_become_conditions(one: Filter, sql: str) -> None:
    assert one.sql() == sql


@pytest.mark.parametrize(
    "name", ['attributes.a"b', "attributes.", "customer_id", "trait." + "x" * 200, "a.b"]
)
def test_what_the_log_does_not_offer_cannot_be_filtered_on(name: str) -> None:
    with pytest.raises(InvalidInput):
        Filter(name, "is", "x").sql()


def test_two_conditions_and_filters_hold_together() -> None:
    asked = Question(filters=(Filter("channel", "is", "web"),), where="score > 1 or score < 0")
    assert asked.condition == "channel in ('web') and (score > 1 or score < 0)"
