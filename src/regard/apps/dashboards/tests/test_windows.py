from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from regard.apps.dashboards.windows import CHOICES, Window, read_window, show_window

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


def window(days: str, until: str) -> Window:
    return read_window(days, until, zone=ZoneInfo("Asia/Tokyo"), now=NOW, first=NOW, last=NOW)


@pytest.mark.parametrize("days", CHOICES)
@pytest.mark.parametrize("until", ["9999-12-31", "2201-01-01", "1969-12-31", "0001-01-01"])
def test_a_day_beyond_every_log_counts_as_not_given(days: str, until: str) -> None:
    assert window(days, until) == window(days, "")


@pytest.mark.parametrize("days", CHOICES)
@pytest.mark.parametrize("until", ["1970-01-01", "2200-12-31"])
def test_the_first_and_the_last_day_can_be_asked_for(days: str, until: str) -> None:
    assert str(window(days, until).until) == until


def test_who_may_not_read_single_answers_looks_at_whole_weeks() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    shown, _ = show_window("30", "2026-11-11", zone=tokyo, now=NOW, first=NOW, last=NOW, whole_weeks=True)
    assert shown.period.start == datetime(2026, 10, 12, tzinfo=tokyo)
    assert shown.period.end == datetime(2026, 11, 16, tzinfo=tokyo)
