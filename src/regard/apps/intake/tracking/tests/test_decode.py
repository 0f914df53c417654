"""From the bodies of tracking segments to rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import lz4.frame
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regard.apps.intake.models import Source
from regard.apps.intake.tracking.decode import Tracking
from regard.apps.journal.segments import SegmentRow

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Item = dict[str, Any]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    Source.objects.create(key="shop", title="Shop", write_key="k1")
    with duckdb.connect() as made:
        made.execute("SET TimeZone = 'UTC'")
        yield made


def decoded(
    connection: duckdb.DuckDBPyConnection,
    *items: Item,
    columns: str,
    skew: int = 0,
    shared: Item | None = None,
) -> list[Any]:
    lines = [
        json.dumps(
            {
                "r": int(NOW.timestamp() * 1e6),
                "s": skew,
                "y": one["type"],
                "m": f"m{n}",
                "k": "shop",
                "c": shared,
                "e": one,
            }
        )
        for n, one in enumerate(items)
    ]
    body = lz4.frame.compress("\n".join(lines).encode())
    segment = SegmentRow(1, "shop", "tracking", NOW, len(items), b"", body, "")
    codec = Tracking()
    codec.look_up()
    codec.to_incoming(connection, [segment], "incoming")
    rows = connection.execute(f"SELECT {columns} FROM incoming ORDER BY position").fetchall()
    return [row[0] if len(row) == 1 else row for row in rows]


def track(event: str, **properties: Any) -> Item:
    return {"type": "track", "event": event, "userId": "u1", "properties": properties}


def attributes(connection: duckdb.DuckDBPyConnection, **properties: Any) -> Any:
    [found] = decoded(connection, track("Thing Done", **properties), columns="attributes")
    return None if found is None else json.loads(found)


def test_an_order_has_revenue_thread_and_products(connection: duckdb.DuckDBPyConnection) -> None:
    products = [{"product_id": "p1", "name": "Boots", "price": 3}]
    [row] = decoded(
        connection,
        track("Order Completed", order_id=17, revenue="86.40", currency="usd", products=products),
        columns="kind, amount_minor, currency, thread, attributes",
    )
    assert row[:4] == ("order.placed", 8640, "USD", "17")
    assert json.loads(row[4])["products"] == products


@pytest.mark.parametrize("refund", [12.5, -12.5, "12.50"])
def test_a_refund_is_negative_whatever_its_sign(connection: duckdb.DuckDBPyConnection, refund: Any) -> None:
    rows = decoded(
        connection, track("Order Refunded", order_id="o", total=refund), columns="amount_minor, currency"
    )
    assert rows == [(-1250, "EUR")]


def test_amounts_count_in_the_smallest_unit_of_their_currency(connection: duckdb.DuckDBPyConnection) -> None:
    orders = [track("Order Completed", total=100, currency=currency) for currency in ("JPY", "EUR", "KWD")]
    assert decoded(connection, *orders, columns="amount_minor") == [100, 10_000, 100_000]


def test_an_answer_has_metric_score_and_redacted_words(connection: duckdb.DuckDBPyConnection) -> None:
    [row] = decoded(
        connection,
        track("Survey Answered", nps=9, comment="Write to ada@x.org", survey_id="s1", color="red"),
        columns="kind, metric, score, text, thread, attributes",
    )
    assert row[:3] == ("survey.answered", "nps", 9.0)
    assert "ada@x.org" not in row[3]
    assert row[4] == "s1"
    assert json.loads(row[5]) == {"nps": 9, "survey_id": "s1", "color": "red"}


@pytest.mark.parametrize(
    ("told", "first", "all_of_them"),
    [
        ({"nps": 9, "csat": 4}, ("nps", 9.0), "nps=9 csat=4"),
        ({"nps": 9, "csat": 4, "ces": 6}, ("nps", 9.0), "nps=9 csat=4 ces=6"),
        ({"metric": "delight", "score": 3, "csat": 4}, ("csat", 4.0), "csat=4 delight=3"),
        ({"metric": "csat", "score": 4, "csat": 4}, ("csat", 4.0), None),
        ({"metric": "nps", "score": 9}, ("nps", 9.0), None),
        ({"nps": 9, "csat": ""}, ("nps", 9.0), None),
        ({"nps": 9, "score": 3}, ("nps", 9.0), None),
    ],
)
def test_an_event_tells_all_its_ratings(
    connection: duckdb.DuckDBPyConnection, told: Item, first: tuple[str, float], all_of_them: str | None
) -> None:
    columns = "metric, score, translate(further, chr(30) || chr(31), ' =')"
    assert decoded(connection, track("Survey Answered", **told), columns=columns) == [(*first, all_of_them)]


def test_what_a_request_says_of_all_its_items_holds_where_the_item_does_not(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    shared = {"library": {"name": "analytics-ios"}, "traits": {"email": "a@b.c"}, "locale": "el-GR"}
    own = {"library": {"name": "analytics.js"}, "traits": {"email": "d@e.f"}}
    rows = decoded(
        connection,
        track("Survey Answered", nps=9, comment="ok"),
        {**track("X Done"), "context": own},
        columns="channel, email, language",
        shared=shared,
    )
    assert rows == [("app", "a@b.c", "el"), ("web", "d@e.f", None)]


def test_a_wrong_clock_is_put_right(connection: duckdb.DuckDBPyConnection) -> None:
    late = {**track("X Done"), "timestamp": "2026-11-22T10:00:00.250+02:00"}
    [row] = decoded(connection, late, columns="occurred_at", skew=2_000_000)
    assert row == datetime(2026, 11, 22, 8, 0, 2, 250_000, tzinfo=UTC)


def test_without_a_time_it_happened_when_it_came_and_a_broken_one_is_no_time(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = decoded(
        connection, track("X Done"), {**track("X Done"), "timestamp": "soon"}, columns="occurred_at, refusal"
    )
    assert rows == [(NOW, None), (None, "time_unreadable")]


def test_who_somebody_is_stays_out_of_attributes_and_traits(connection: duckdb.DuckDBPyConnection) -> None:
    assert attributes(
        connection, email="a@b.c", color="red", shipping_address="x", nested={"first_name": "Ada"}
    ) == {"color": "red"}
    assert attributes(connection, note="mail ada@x.org", size=4) == {"size": 4}
    assert attributes(connection, email="a", word="καλό") == {"word": "καλό"}
    assert attributes(connection, **{'odd"key': 1, "a/b~c": 2, "phone": "3"}) == {'odd"key': 1, "a/b~c": 2}
    assert attributes(connection, email="a@b.c") is None
    person = {
        "type": "identify",
        "userId": "u1",
        "traits": {"email": "a@b.c", "name": "Ada", "plan": "pro", "phone": "1"},
    }
    [row] = decoded(connection, person, columns="email, traits")
    assert row == ("a@b.c", '{"plan":"pro"}')


def test_a_source_with_a_list_lets_in_only_what_it_lists(connection: duckdb.DuckDBPyConnection) -> None:
    Source.objects.update(allow=["color", "email"])
    assert attributes(connection, color="red", size=4, email="a@b.c") == {"color": "red"}


def test_the_channel_comes_from_the_client(connection: duckdb.DuckDBPyConnection) -> None:
    contexts: list[Item] = [
        {"library": {"name": "analytics-ios"}},
        {"library": {"name": "analytics.js"}, "userAgent": "Mozilla/5.0 (iPhone)"},
        {"library": {"name": "analytics-python"}},
    ]
    items = [{**track("X Done"), "context": context} for context in contexts]
    items += [
        {"type": "screen", "userId": "u"},
        {"type": "page", "userId": "u"},
        track("X Done", channel="store"),
    ]
    assert decoded(connection, *items, columns="channel") == ["app", "web", None, "app", "web", "store"]


def test_odd_items_give_rows_as_well(connection: duckdb.DuckDBPyConnection) -> None:
    items: list[Item] = [
        {**track("X Done"), "properties": "text"},
        {**track("X Done"), "properties": [1], "traits": 3, "context": "none"},
        {**track("X Done"), "userId": 7, "timestamp": 5},
        {
            "type": "track",
            "event": "X Done",
            "properties": {"score": "many", "channel": {"a": 1}, "metric": ["x"]},
        },
        {"type": "group", "userId": "u", "groupId": "acme", "traits": {"name": "ACME"}},
    ]
    rows = decoded(connection, *items, columns="kind, user_id, account, traits")
    assert len(rows) == 5
    assert rows[2][1] == "7"
    assert rows[4] == ("account.joined", "u", "acme", None)


@pytest.mark.parametrize(
    ("event", "told", "reason"),
    [
        ("Order Completed", {"revenue": "x"}, "amount_unreadable"),
        ("Order Completed", {"revenue": "1e300"}, "amount_unreadable"),
        ("Order Completed", {"revenue": "99999999999999999999"}, "amount_unreadable"),
        ("Order Refunded", {"revenue": "x"}, "amount_unreadable"),
        ("Order Refunded", {"revenue": True}, "amount_unreadable"),
        ("Survey Answered", {"nps": "nine"}, "score_unreadable"),
    ],
)
def test_what_cannot_be_read_as_a_number_is_refused_and_its_neighbours_stay(
    connection: duckdb.DuckDBPyConnection, event: str, told: Item, reason: str
) -> None:
    good = track("Order Completed", revenue=12, currency="EUR")
    rows = decoded(connection, good, track(event, **told), good, columns="amount_minor, refusal")
    assert rows == [(1200, None), (None, reason), (1200, None)]


def test_a_time_beyond_all_calendars_is_missing_and_its_neighbours_stay(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    far = {**track("Thing Done"), "timestamp": "294246-12-31T00:00:00Z"}
    rows = decoded(connection, far, track("Thing Done"), columns="occurred_at", skew=63_000_000_000_000_000)
    assert rows == [None, NOW]


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.lists(st.integers()),
    st.sampled_from(["NaN", "-inf", "1e999", "0x10", "9" * 40, "294246-12-31T00:00:00Z", "0001-01-01"]),
)
NAMES = [
    "revenue",
    "total",
    "currency",
    "nps",
    "csat",
    "channel",
    "order_id",
    "products",
    "duration",
    "language",
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    event=st.sampled_from(["Order Completed", "Order Refunded", "Survey Answered", "Thing Done"]),
    told=st.dictionaries(st.sampled_from(NAMES), ODD),
    timestamp=ODD,
    skew=st.integers(-(2**62), 2**62),
)
def test_nothing_that_a_sender_writes_stops_the_others(
    connection: duckdb.DuckDBPyConnection, event: str, told: Item, timestamp: Any, skew: int
) -> None:
    odd = {**track(event, **told), "timestamp": timestamp if isinstance(timestamp, str) else None}
    rows = decoded(connection, odd, track("Thing Done"), columns="kind, occurred_at", skew=skew)
    assert rows[1] == ("thing.done", NOW)
