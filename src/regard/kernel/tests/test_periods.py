"""Periods in zones whose clocks change: Athens, New York, Lord Howe (half an hour) and Santiago (at midnight)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.kernel.periods import Grain, Period, floor, next_start

ATHENS = ZoneInfo("Europe/Athens")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ZONES = [
    UTC,
    ATHENS,
    ZoneInfo("America/New_York"),
    LORD_HOWE,
    ZoneInfo("America/Santiago"),
    ZoneInfo("Asia/Yerevan"),
]
# In Athens clocks go forward on 29 March 2026 at 03:00, and back on 25 October 2026 at 04:00.

moments = st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def hours(period: Period) -> float:
    """How many hours really pass in it."""
    return (period.end.astimezone(UTC) - period.start.astimezone(UTC)) / timedelta(hours=1)


@pytest.mark.parametrize(("day", "length"), [(28, 24), (29, 23), (30, 24)])
def test_the_day_on_which_clocks_go_forward_has_23_hours(day: int, length: int) -> None:
    assert hours(Period.of_days(date(2026, 3, day), date(2026, 3, day), ATHENS)) == length


def test_the_day_on_which_clocks_go_back_is_cut_into_25_hours() -> None:
    day = Period.of_days(date(2026, 10, 25), date(2026, 10, 25), ATHENS)
    pieces = list(day.cut(Grain.HOUR, ATHENS))
    assert len(pieces) == 25
    assert {hours(piece) for piece in pieces} == {1.0}
    assert [piece.start.hour for piece in pieces][:6] == [0, 1, 2, 3, 3, 4]


def test_the_day_on_which_clocks_go_forward_is_cut_into_23_hours() -> None:
    day = Period.of_days(date(2026, 3, 29), date(2026, 3, 29), ATHENS)
    assert [piece.start.hour for piece in day.cut(Grain.HOUR, ATHENS)][:5] == [0, 1, 2, 4, 5]
    assert len(list(day.cut(Grain.HOUR, ATHENS))) == 23


def test_a_period_may_start_late_in_the_hour_that_comes_twice() -> None:
    half_past = datetime(2026, 10, 25, 3, 30, tzinfo=ATHENS)
    period = Period(half_past, datetime(2026, 10, 25, 3, 10, fold=1, tzinfo=ATHENS))
    assert [round(60 * hours(piece)) for piece in period.cut(Grain.HOUR, ATHENS)] == [30, 10]


def test_a_period_that_ends_before_it_starts_is_refused_even_where_the_clock_reads_later() -> None:
    second, first = (
        datetime(2026, 10, 25, 3, 10, fold=1, tzinfo=ATHENS),
        datetime(2026, 10, 25, 3, 30, tzinfo=ATHENS),
    )
    with pytest.raises(ValueError, match="before it starts"):
        Period(second, first)


def test_times_without_a_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Period(datetime(2026, 1, 1), datetime(2026, 1, 2, tzinfo=UTC))  # noqa: DTZ001


def test_the_week_before_is_whole_local_days_across_a_change_of_the_clock() -> None:
    week = Period.of_days(date(2026, 3, 30), date(2026, 4, 5), ATHENS)
    assert week.previous() == Period.of_days(date(2026, 3, 23), date(2026, 3, 29), ATHENS)
    assert (hours(week), hours(week.previous())) == (168, 167)


def test_the_week_before_is_the_same_when_the_end_is_given_in_utc() -> None:
    week = Period.of_days(date(2026, 3, 30), date(2026, 4, 5), ATHENS)
    assert Period(week.start, week.end.astimezone(UTC)).previous().start == week.previous().start


def test_the_hour_before_is_an_hour_even_when_the_clock_goes_back() -> None:
    twice = [
        piece
        for piece in Period.of_days(date(2026, 10, 25), date(2026, 10, 25), ATHENS).cut(Grain.HOUR, ATHENS)
        if piece.start.hour == 3
    ]
    assert [hours(piece.previous()) for piece in twice] == [1.0, 1.0]
    assert twice[1].previous().start.astimezone(UTC) == twice[0].start.astimezone(UTC)


def test_a_year_ago_has_the_same_dates() -> None:
    month = Period.of_days(date(2026, 11, 1), date(2026, 11, 30), ATHENS)
    assert month.year_ago() == Period.of_days(date(2025, 11, 1), date(2025, 11, 30), ATHENS)


@pytest.mark.parametrize(
    ("first", "last", "then_first", "then_last"),
    [
        (date(2024, 2, 29), date(2024, 2, 29), date(2023, 2, 28), date(2023, 2, 28)),
        (date(2024, 2, 28), date(2024, 2, 28), date(2023, 2, 28), date(2023, 2, 28)),
        (date(2024, 2, 1), date(2024, 2, 29), date(2023, 2, 1), date(2023, 2, 28)),
        (date(2024, 2, 1), date(2024, 2, 28), date(2023, 2, 1), date(2023, 2, 28)),
        (date(2025, 2, 1), date(2025, 2, 28), date(2024, 2, 1), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2024, 3, 6), date(2023, 2, 28), date(2023, 3, 6)),
    ],
)
def test_a_year_before_a_leap_day(first: date, last: date, then_first: date, then_last: date) -> None:
    assert Period.of_days(first, last, ATHENS).year_ago() == Period.of_days(then_first, then_last, ATHENS)


def test_hours_within_a_leap_day_go_back_to_the_28th() -> None:
    noon = datetime(2024, 2, 29, 12, tzinfo=ATHENS)
    ago = Period(noon, noon + timedelta(hours=2)).year_ago()
    assert (ago.start.day, ago.end.day, hours(ago)) == (28, 28, 2)


@pytest.mark.parametrize(
    ("grain", "start", "following"),
    [
        (Grain.HOUR, datetime(2026, 8, 19, 14), datetime(2026, 8, 19, 15)),  # noqa: DTZ001
        (Grain.DAY, datetime(2026, 8, 19), datetime(2026, 8, 20)),  # noqa: DTZ001
        (Grain.WEEK, datetime(2026, 8, 17), datetime(2026, 8, 24)),  # noqa: DTZ001
        (Grain.MONTH, datetime(2026, 8, 1), datetime(2026, 9, 1)),  # noqa: DTZ001
        (Grain.QUARTER, datetime(2026, 7, 1), datetime(2026, 10, 1)),  # noqa: DTZ001
        (Grain.YEAR, datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
    ],
)
def test_each_grain_has_its_start_and_the_next(grain: Grain, start: datetime, following: datetime) -> None:
    moment = datetime(2026, 8, 19, 14, 31, 7, 5, tzinfo=ATHENS)
    assert floor(moment, grain) == start.replace(tzinfo=ATHENS)
    assert next_start(moment, grain) == following.replace(tzinfo=ATHENS)
    assert floor(start.replace(tzinfo=ATHENS), grain) == start.replace(tzinfo=ATHENS)


def test_quarters_and_months_roll_over_the_year() -> None:
    december = datetime(2026, 12, 31, 23, 59, tzinfo=ATHENS)
    assert (
        next_start(december, Grain.MONTH)
        == next_start(december, Grain.QUARTER)
        == datetime(2027, 1, 1, tzinfo=ATHENS)
    )


def test_the_first_and_last_piece_may_be_cut_short() -> None:
    period = Period.of_days(date(2026, 1, 15), date(2026, 3, 10), ATHENS)
    pieces = list(period.cut(Grain.MONTH, ATHENS))
    assert [piece.start.date() for piece in pieces] == [date(2026, 1, 15), date(2026, 2, 1), date(2026, 3, 1)]
    assert pieces[-1].end == period.end


def test_an_empty_period_has_no_pieces() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert list(Period(now, now).cut(Grain.DAY, ATHENS)) == []


def test_clocks_that_move_by_half_an_hour_are_cut_without_end_or_gap() -> None:
    # On Lord Howe Island clocks go back from 02:00 to 01:30 on 5 April 2026.
    day = Period.of_days(date(2026, 4, 5), date(2026, 4, 5), LORD_HOWE)
    pieces = list(day.cut(Grain.HOUR, LORD_HOWE))
    assert hours(day) == 24.5
    assert sum(hours(piece) for piece in pieces) == 24.5
    assert len(pieces) == 25


@given(
    moments,
    st.timedeltas(timedelta(0), timedelta(days=20)),
    st.sampled_from(ZONES),
    st.sampled_from([Grain.HOUR, Grain.DAY, Grain.WEEK, Grain.MONTH]),
)
def test_the_pieces_fill_the_period_without_gap_or_overlap(
    start: datetime, length: timedelta, zone: ZoneInfo, grain: Grain
) -> None:
    period = Period(start, start + length)
    pieces = list(period.cut(grain, zone))
    edges = [piece.start.astimezone(UTC) for piece in pieces] + [
        piece.end.astimezone(UTC) for piece in pieces[-1:]
    ]
    assert [piece.end.astimezone(UTC) for piece in pieces] == edges[1:]
    assert all(before < after for before, after in pairwise(edges))
    if length:
        assert (edges[0], edges[-1]) == (period.start, period.end)


@given(moments, st.sampled_from(ZONES), st.sampled_from(list(Grain)))
def test_the_next_start_is_always_later(moment: datetime, zone: ZoneInfo, grain: Grain) -> None:
    local = moment.astimezone(zone)
    assert next_start(local, grain).astimezone(UTC) > moment
    assert floor(local, grain).astimezone(UTC) <= moment


@given(moments, st.timedeltas(timedelta(microseconds=1), timedelta(days=400)), st.sampled_from(ZONES))
def test_the_previous_period_ends_where_this_one_starts(
    moment: datetime, length: timedelta, zone: ZoneInfo
) -> None:
    period = Period(moment.astimezone(zone), (moment + length).astimezone(zone))
    before = period.previous()
    assert before.end == period.start
    assert abs(hours(before) - hours(period)) <= 1
    assert hours(before) > 0
