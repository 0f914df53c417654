from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from regard.kernel.errors import InvalidInput
from regard.metrics.moments import read_time


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("0001-01-01", "Asia/Tokyo"),
        ("0001-01-01T00:00:00+00:00", "America/New_York"),
        ("9999-12-31T23:59:59", "America/New_York"),
        ("9999-12-31T23:59:59Z", "Asia/Tokyo"),
        ("1969-12-31", "UTC"),
        ("2201-01-01", "UTC"),
    ],
)
def test_years_that_no_figure_can_have_are_refused(text: str, zone: str) -> None:
    with pytest.raises(InvalidInput, match="outside 1970 to 2200"):
        read_time(text, ZoneInfo(zone))


@pytest.mark.parametrize("text", ["1970-01-01", "2200-12-31T23:59:59"])
def test_the_first_and_the_last_year_are_allowed(text: str) -> None:
    assert read_time(text, ZoneInfo("Asia/Tokyo")).isoformat().startswith(text)
