"""Results as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from regard.kernel.estimates import Difference, Estimate
from regard.kernel.periods import Period
from regard.metrics.catalogue import METRICS
from regard.metrics.metric import Unit
from regard.metrics.readings import Reading, Result
from regard.metrics.show import amount, change, probability, table

ATHENS = ZoneInfo("Europe/Athens")


def cells(result: Result) -> dict[str, list[str]]:
    found = table(result, METRICS.get(result.metric))
    return {str(column.header): [str(cell) for cell in column.cells] for column in found.columns}


def shown(*readings: Reading, period: Period) -> dict[str, list[str]]:
    return cells(Result("nps", "NPS", "m", "s", "d", Unit.POINTS, period, "Europe/Athens", readings))


def test_money_has_the_decimals_of_its_currency() -> None:
    assert amount(-30, Unit.MONEY, "JPY") == "-30 JPY"
    assert amount(1.5, Unit.MONEY, "KWD") == "1.500 KWD"
    assert amount(1.5, Unit.MONEY, "EUR", signed=True) == "+1.50 EUR"


def test_groups_show_no_difference_and_times_no_change() -> None:
    reading = Reading({}, None, None, difference=Difference(1.0, -1.0, 3.0, 0.3, p_adjusted=0.3))
    metric = METRICS.get("nps")
    assert change(reading, metric, "channel=web") == "no difference shown"
    assert change(reading, metric, "previous") == "no change shown"


def test_a_tiny_p_is_not_nought() -> None:
    assert (probability(1e-12), probability(0.0006), probability(0.2)) == ("<0.001", "0.001", "0.200")


def test_the_whole_is_called_all_beside_its_pieces_and_an_hour_that_comes_twice_has_its_offset() -> None:
    first = datetime(2026, 10, 25, 0, tzinfo=UTC).astimezone(ATHENS)
    hours = [
        Period(
            (first.astimezone(UTC) + timedelta(hours=n)).astimezone(ATHENS),
            (first.astimezone(UTC) + timedelta(hours=n + 1)).astimezone(ATHENS),
        )
        for n in range(3)
    ]
    whole = Period(hours[0].start, hours[-1].end)
    readings = [Reading({}, period, None) for period in (whole, *hours)]
    assert shown(*readings, period=whole)["from"] == [
        "all",
        "2026-10-25 03:00+0300",
        "2026-10-25 03:00+0200",
        "2026-10-25 04:00",
    ]


def test_what_was_not_reached_is_said_in_words() -> None:
    day = Period(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))
    mean, most = Estimate(7200.0, None, None, 9, "m"), Estimate(172800.0, None, None, 9, "m")
    reading = Reading(
        {},
        day,
        Estimate(60.0, None, None, 9, "m"),
        details={"restricted_mean": mean, "restricted_to": most},
    )
    result = Result("time_to_resolution", "T", "m", "s", "d", Unit.SECONDS, day, "UTC", (reading,))
    assert (
        cells(result)[""][-1]
        == "90th percentile: not reached yet · mean 2.0 h, counting at most 2.0 d of each"
    )
