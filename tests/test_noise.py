"""A page of forty tiles of pure noise must not call a change real: at most as often as the 5% that it promises.

Every simulated day is a page of its own: eight units with five metrics each, the same before and after, customers who
answer up to three times and keep their mood. The differences come from `compute`, the verdict from the page's own
`read_tiles`, which corrects over all tiles of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import numpy as np
import pytest
from scipy.stats import binom

from regard.apps.dashboards.readings import Ask
from regard.apps.dashboards.tiles import read_tiles
from regard.apps.dashboards.windows import Window
from regard.kernel.periods import Grain, Period
from regard.metrics.compute import compute
from regard.metrics.readings import Result
from regard.warehouse.engines.duckdb import over_tables
from regard.warehouse.log import LOG_COLUMNS
from regard.warehouse.schema.interactions import INTERACTIONS

START, DAYS = datetime(2026, 3, 2, tzinfo=UTC), 90
WINDOW = Window("90", Period(START, START + timedelta(days=DAYS)), Grain.WEEK, is_compared=True, until=None)
METRICS = ("nps", "csat", "ces_mean", "average_order_value", "handle_time")
UNITS = 8
CUSTOMERS = 50  # of one unit, in each of the two periods
AT_ONCE = 50  # pages
# What each metric reads, made of a mood z that is normal: kind, metric and the columns of its value.
MADE = {
    "nps": ("survey.answered", "nps", "score", "greatest(0, least(10, round(7 + 2.5 * z)))"),
    "csat": ("survey.answered", "csat", "score", "greatest(1, least(5, round(3.8 + z)))"),
    "ces_mean": ("survey.answered", "ces", "score", "greatest(1, least(7, round(5 + 1.3 * z)))"),
    "average_order_value": ("order.placed", None, "amount_minor", "round(100 * exp(3.5 + 0.5 * z))::BIGINT"),
    "handle_time": ("call.ended", None, "duration_seconds", "exp(5 + 0.5 * z)"),
}


def noise(rng: np.random.Generator, n_pages: int) -> duckdb.DuckDBPyConnection:
    """A log of `n_pages` pages: the units of page 7 are called 7-0, 7-1, …"""
    n_groups = n_pages * UNITS * len(METRICS) * 2
    customer = np.repeat(np.arange(n_groups * CUSTOMERS), rng.integers(1, 4, n_groups * CUSTOMERS))
    mood = rng.standard_normal(n_groups * CUSTOMERS)
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.register(
        "drawn",
        {
            "customer": customer,
            "z": 0.7 * mood[customer] + 0.7 * rng.standard_normal(len(customer)),
            "hour": rng.integers(0, DAYS * 24, len(customer)),
        },
    )
    filled = ("score", "amount_minor", "duration_seconds")
    values = {
        column: "CASE which "
        + " ".join(
            f"WHEN {number} THEN {made[3]}" for number, made in enumerate(MADE.values()) if made[2] == column
        )
        + " END"
        for column in filled
    }
    kinds = " ".join(f"WHEN {number} THEN '{made[0]}'" for number, made in enumerate(MADE.values()))
    names = " ".join(
        f"WHEN {number} THEN '{made[1]}'" for number, made in enumerate(MADE.values()) if made[1]
    )
    given = {
        **values,
        "interaction_id": "unhex(md5(row_number() OVER ()::VARCHAR))",
        "identity_id": "customer",
        "source": "'drawn'",
        "occurred_at": f"TIMESTAMPTZ '{START.isoformat()}' + to_hours(hour::INTEGER) - "
        f"CASE WHEN side = 0 THEN INTERVAL {DAYS} DAY ELSE INTERVAL 0 DAY END",
        "kind": f"CASE which {kinds} END",
        "metric": f"CASE which {names} END",
        "currency": "CASE which WHEN 3 THEN 'EUR' END",
        "unit": f"(part // {UNITS}) || '-' || (part % {UNITS})",
    }
    columns = ", ".join(
        f"({given.get(name, 'NULL')})::{INTERACTIONS.type_of(name)} AS {name}" for name in LOG_COLUMNS
    )
    connection.execute(
        f"""CREATE TABLE noise AS SELECT {columns} FROM (
            SELECT *, side_and_part % 2 AS side, (side_and_part // 2) % {len(METRICS)} AS which,
                side_and_part // {2 * len(METRICS)} AS part
            FROM (SELECT *, customer // {CUSTOMERS} AS side_and_part FROM drawn))"""
    )
    connection.unregister("drawn")
    over_tables(connection, "noise")
    return connection


def results(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Result]:
    """By metric and unit, what a page asks for: the unit's figure beside that of the period before."""
    found = {}
    for metric in METRICS:
        whole = compute(
            metric, connection=connection, by=("unit",), period=WINDOW.period, compare="previous"
        )  # fmt: skip
        for reading in whole.readings[1:]:
            assert reading.difference is not None, reading.reason
            found[metric, str(reading.group["unit"])] = replace(whole, readings=(replace(reading, group={}),))
    return found


class DrawnPage:
    """Answers the tiles of one simulated page, in their order."""

    def __init__(self, answers: Sequence[Result]) -> None:
        self.answers = list(answers)

    def ask(self, question: Ask) -> Result:
        raise AssertionError("No trend is drawn here.")

    def ask_all(self, questions: Sequence[Ask]) -> list[Result]:
        assert [answer.metric for answer in self.answers] == [question.metric for question in questions]
        return self.answers


def flagged(n_pages: int, seed: int) -> Iterator[bool]:
    """For each simulated page, whether it calls any change real."""
    rng = np.random.default_rng(seed)
    for first in range(0, n_pages, AT_ONCE):
        n = min(AT_ONCE, n_pages - first)
        with noise(rng, n) as connection:
            found = results(connection)
        for page in range(n):
            keys = [(metric, f"{page}-{unit}") for unit in range(UNITS) for metric in METRICS]
            tiles = read_tiles(
                [metric for metric, _ in keys], WINDOW, DrawnPage([found[key] for key in keys])
            )
            assert len(tiles) == UNITS * len(METRICS) == 40
            assert all(tile.difference and tile.difference.p_adjusted is not None for tile in tiles)
            yield any(tile.change for tile in tiles)


@pytest.mark.parametrize(
    "n_pages", [20, pytest.param(1000, marks=[pytest.mark.long, pytest.mark.timeout(1200)])]
)
def test_a_page_of_noise_flags_a_change_no_more_often_than_it_promises(n_pages: int) -> None:
    most = int(binom.ppf(0.99, n_pages, 0.05))
    assert n_pages < 1000 or most == 67
    assert sum(flagged(n_pages, seed=3)) <= most
