"""Attacks on small groups: whoever may not read single answers asks again and again, and subtracts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest

from regard.kernel.errors import InvalidInput
from regard.kernel.periods import Grain, Period
from regard.metrics.compute import compute
from regard.metrics.readings import Result
from regard.metrics.tests.hand_drawn import Row, log_of

ATHENS = ZoneInfo("Europe/Athens")
FIRST = datetime(2026, 3, 2, tzinfo=ATHENS)  # A Monday; the clocks change within.
N_WEEKS = 4
LEAST = 5
SOURCES, CHANNELS, UNITS = ("shop", "desk"), ("web", "phone"), ("north", "south", "east")


def thinly_sown(seed: int) -> list[Row]:
    """Weeks in which many a group of a week has one to nine answers."""
    chance = random.Random(seed)
    return [
        {
            "kind": "survey.answered",
            "metric": "csat",
            "score": float(chance.randint(1, 5)),
            "occurred_at": FIRST
            + timedelta(days=week * 7 + chance.randint(0, 6), hours=chance.randint(0, 23)),
            "source": source,
            "channel": channel,
            "unit": unit,
            "customer": chance.randint(0, 400),
        }
        for week in range(N_WEEKS)
        for source in SOURCES
        for channel in CHANNELS
        for unit in UNITS
        for _ in range(chance.choice((0, 1, 2, 4, 6, 9)))
    ]


@pytest.fixture(scope="module", params=range(2))
def log(request: pytest.FixtureRequest) -> Iterator[duckdb.DuckDBPyConnection]:
    with log_of(thinly_sown(request.param)) as connection:
        yield connection


def asked(log: duckdb.DuckDBPyConnection, **question: object) -> Result:
    result = compute(
        "csat", connection=log, zone=ATHENS, min_n=LEAST, whole_weeks=True,
        now=datetime(2026, 6, 1, tzinfo=UTC), **question,  # type: ignore[arg-type]
    )  # fmt: skip
    assert all(reading.estimate is None or reading.estimate.n >= LEAST for reading in result.readings)
    return result


def seen(result: Result) -> dict[tuple[str | None, ...], int]:
    """How many answers stand behind each group that is shown, () being the total."""
    return {tuple(r.group.values()): r.estimate.n for r in result.readings if r.estimate}


def weeks(first: int, last: int) -> Period:
    return Period(FIRST + timedelta(weeks=first), FIRST + timedelta(weeks=last))


def gives_away(difference: int) -> bool:
    return 0 < difference < LEAST


@pytest.mark.parametrize("week", range(N_WEEKS))
def test_groups_taken_from_their_total_leave_no_small_rest(log: duckdb.DuckDBPyConnection, week: int) -> None:
    period = weeks(week, week + 1)
    for source in (None, *SOURCES):
        whole = seen(asked(log, period=period, source=source)).get((), 0)
        for by in (("channel",), ("unit",), ("channel", "unit")):
            parts = seen(asked(log, by=by, period=period, source=source))
            parts.pop((), None)
            assert not whole or not gives_away(whole - sum(parts.values()))
        channels = seen(asked(log, by=("channel",), period=period, source=source))
        units = seen(asked(log, by=("channel", "unit"), period=period, source=source))
        for channel in CHANNELS:
            rest = channels.get((channel,), 0) - sum(
                n for group, n in units.items() if group[:1] == (channel,)
            )
            assert not channels.get((channel,)) or not gives_away(rest)


@pytest.mark.parametrize("by", [(), ("channel",), ("unit",)])
def test_the_pages_of_single_sources_taken_from_all_leave_no_small_rest(
    log: duckdb.DuckDBPyConnection, by: tuple[str, ...]
) -> None:
    for week in range(N_WEEKS):
        period = weeks(week, week + 1)
        whole = seen(asked(log, by=by, period=period))
        pages = [seen(asked(log, by=by, period=period, source=source)) for source in SOURCES]
        for group, n in whole.items():
            for page in pages:
                assert not gives_away(n - page.get(group, 0)), (week, group)


def test_an_instant_more_or_less_changes_nothing(log: duckdb.DuckDBPyConnection) -> None:
    start, end = FIRST + timedelta(weeks=1), FIRST + timedelta(weeks=3)
    periods = [
        Period(start + timedelta(seconds=more), end - timedelta(seconds=less))
        for more, less in ((0, 0), (1, 0), (86_400, 0), (0, 1), (0, 3_600), (0, 86_400), (0, 5 * 86_400))
    ]
    answers = [asked(log, by=["unit"], period=period).as_json() for period in periods]
    assert all(answer == answers[0] for answer in answers)


def test_months_are_made_of_whole_weeks(log: duckdb.DuckDBPyConnection) -> None:
    by_week = [r.estimate.n for r in asked(log, every=Grain.WEEK).readings[1:] if r.estimate]
    months = asked(log, every=Grain.MONTH)
    assert sum(by_week) == sum(r.estimate.n for r in months.readings[1:] if r.estimate)
    assert months.total.estimate is not None
    assert months.total.estimate.n == sum(by_week)


def test_every_answer_counts_however_few_stand_in_a_week() -> None:
    rows = [row for row in thinly_sown(1) if row["source"] == "shop"][:4]
    later: list[Row] = [
        {**row, "occurred_at": FIRST + timedelta(weeks=9), "customer": 900 + n} for n, row in enumerate(rows)
    ]
    assert seen(asked(log_of(rows + later))) == {(): 8}


def test_days_and_hours_are_refused(log: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(InvalidInput, match="whole weeks"):
        asked(log, every=Grain.DAY)


def test_waiting_times_are_cut_the_same_way() -> None:
    rows = [
        {"kind": kind, "occurred_at": FIRST + timedelta(weeks=week, hours=hours + n), "thread": f"{week} {unit} {n}",
         "customer": n, "unit": unit}
        for week, unit, many in ((0, "north", 9), (0, "south", 3), (0, "east", 7), (1, "south", 8), (1, "north", 6))
        for n in range(many)
        for kind, hours in (("case.opened", 0), ("case.resolved", 5 + n))
    ]  # fmt: skip
    result = compute(
        "time_to_resolution", connection=log_of(rows), by=["unit"], zone=ATHENS, whole_weeks=True,
        now=datetime(2026, 6, 1, tzinfo=UTC),
    )  # fmt: skip
    assert seen(result) == {(): 33, ("north",): 15, ("south",): 11, ("east",): 7}
