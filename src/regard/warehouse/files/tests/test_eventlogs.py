"""Event logs of process mining: read as others write them, and read again as we write them."""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path

import pytest

from regard.kernel.errors import InvalidInput
from regard.warehouse.files.eventlogs import form_of, open_log
from regard.warehouse.files.ocel import Event, flattened, read_ocel, write_ocel
from regard.warehouse.files.xes import read_xes, write_xes

XES = """<?xml version='1.0' encoding='UTF-8'?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="name"/></global>
  <string key="creator" value="nobody"/>
  <trace>
    <string key="concept:name" value="3"/>
    <int key="size" value="7"/>
    <event>
      <string key="concept:name" value="ask &amp; wait"/>
      <date key="time:timestamp" value="2010-12-30T14:32:00.000+01:00"/>
    </event>
    <event>
      <string key="concept:name" value="decide">
        <string key="inner" value="left out"/>
      </string>
      <date key="time:timestamp" value="2010-12-30T15:32:00.000+01:00"/>
      <float key="cost" value="2.5"/>
      <list key="more"><values><string key="x" value="y"/></values></list>
    </event>
  </trace>
  <trace><event><string key="concept:name" value="ask"/></event></trace>
</log>
"""


def test_events_of_xes_are_read_with_their_trace(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(XES)
    first, second, third = read_xes(path)
    assert first == {
        "case:concept:name": "3", "case:size": "7", "concept:name": "ask & wait",
        "time:timestamp": "2010-12-30T14:32:00.000+01:00",
    }  # fmt: skip
    assert (second["cost"], "inner" in second, "x" in second) == ("2.5", False, False)
    assert third == {"case:concept:name": "2", "concept:name": "ask"}


def test_a_packed_log_is_a_table_whose_columns_come_as_they_are_met(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    path.write_bytes(gzip.compress(XES.encode()))
    assert form_of(path) == "xes"
    with open_log(path) as table:
        assert len(table) == 3
        assert list(table.columns)[:3] == ["case:concept:name", "case:size", "concept:name"]
        [cost], [case] = table.numbers("cost"), table.texts("case:concept:name")
        assert (cost[1], list(case)) == (2.5, ["3", "3", "2"])


def test_xes_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    event: dict[str, str | float] = {
        "concept:name": 'a "b" <c>',
        "time:timestamp": "2026-01-01T00:00:00+00:00",
        "cost": 1.5,
    }
    write_xes(path, [("one & two", [event])])
    assert list(read_xes(path)) == [
        {"case:concept:name": "one & two", **{name: str(value) for name, value in event.items()}}
    ]


EVENTS = [
    Event("e1", "order placed", "2026-01-01T10:00:00Z", ["o1", "c1"], {"channel": "web <1>"}),
    Event("e2", "paid", "2026-01-01T11:00:00Z", ["o1"]),
    Event("e3", "order placed", "2026-01-02T10:00:00Z", ["o2", "c1"]),
]


def as_json(path: Path) -> None:
    whole = {
        "objectTypes": [{"name": "order", "attributes": []}, {"name": "customer", "attributes": []}],
        "eventTypes": [{"name": "paid", "attributes": []}],
        "objects": [{"id": "o1", "type": "order"}, {"id": "o2", "type": "order"}, {"id": "c1", "type": "customer"}],
        "events": [
            {
                "id": one.id, "type": one.activity, "time": one.time,
                "attributes": [{"name": name, "value": value} for name, value in one.attributes.items()],
                "relationships": [{"objectId": to, "qualifier": "any"} for to in one.objects],
            }
            for one in EVENTS
        ],
    }  # fmt: skip
    path.write_text(json.dumps(whole))


def as_xml(path: Path) -> None:
    objects = '<object id="o1" type="order"/><object id="o2" type="order"/><object id="c1" type="customer"/>'
    events = "".join(
        f'<event id="{one.id}" type="{one.activity}" time="{one.time}"><attributes>'
        + "".join(f'<attribute name="{name}">web &lt;1&gt;</attribute>' for name in one.attributes)
        + "</attributes><objects>"
        + "".join(f'<relationship object-id="{to}" qualifier="any"/>' for to in one.objects)
        + "</objects></event>"
        for one in EVENTS
    )
    path.write_text(
        f'<?xml version="1.0"?><log><object-types><object-type name="order"/></object-types><event-types/>'
        f"<objects>{objects}</objects><events>{events}</events></log>"
    )


def as_sqlite(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript(
            """
            CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);
            CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
            CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
            CREATE TABLE event_OrderPlaced (ocel_id TEXT, ocel_time TIMESTAMP, channel TEXT);
            CREATE TABLE event_Paid (ocel_id TEXT, ocel_time TIMESTAMP);
            INSERT INTO object VALUES ('o1', 'order'), ('o2', 'order'), ('c1', 'customer');
            INSERT INTO event_map_type VALUES ('order placed', 'OrderPlaced'), ('paid', 'Paid');
            """
        )
        for one in EVENTS:
            connection.executemany(
                "INSERT INTO event_object VALUES (?, ?, 'any')", [(one.id, to) for to in one.objects]
            )
            if one.activity == "paid":
                connection.execute("INSERT INTO event_Paid VALUES (?, ?)", (one.id, one.time))
            else:
                row = (one.id, one.time, one.attributes.get("channel"))
                connection.execute("INSERT INTO event_OrderPlaced VALUES (?, ?, ?)", row)
    connection.close()


FORMS = {"log.json": as_json, "log.xml": as_xml, "log.sqlite": as_sqlite}


@pytest.mark.parametrize("name", FORMS)
def test_objects_of_the_type_that_is_named_are_the_cases(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    FORMS[name](path)
    assert form_of(path) == "ocel"
    log = read_ocel(path)
    orders = list(flattened(log, "order"))
    assert sorted((one["ocel:oid"], one["ocel:activity"]) for one in orders) == [
        ("o1", "order placed"), ("o1", "paid"), ("o2", "order placed"),
    ]  # fmt: skip
    assert [one["channel"] for one in orders if "channel" in one] == ["web <1>"]
    assert [one["ocel:eid"] for one in flattened(log, "customer")] == ["e1", "e3"]
    with open_log(path, "order") as table:
        assert len(table) == 3
    with pytest.raises(InvalidInput, match="one of customer, order"):
        list(flattened(log, None))
    with pytest.raises(InvalidInput, match="mean 'order'"):
        list(flattened(log, "orders"))


@pytest.mark.parametrize("name", ["log.jsonocel", "log.xmlocel"])
def test_ocel_is_read_as_it_was_written(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_ocel(path, "thing", EVENTS)
    assert form_of(path) == "ocel"
    log = read_ocel(path)
    assert [
        (one.id, one.activity, one.time, list(one.objects), dict(one.attributes)) for one in log.events
    ] == [(one.id, one.activity, one.time, list(one.objects), dict(one.attributes)) for one in EVENTS]
    assert log.types == {"o1": "thing", "c1": "thing", "o2": "thing"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("log.xes", "<log><trace>"),
        ("log.xmlocel", "<log><events/></log>"),
        ("log.jsonocel", '{"events": [{"id": 1}], "objects": []}'),
        ("log.sqlite", "SQLite format 3\0 and nothing more"),
        ("log.xes", "<log></log>"),
    ],
)
def test_a_log_that_is_none_is_refused(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InvalidInput, match=r"cannot be read|holds no event"), open_log(path):
        pass


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", "a,b\n1,2\n"), ("a.ndjson", '{"a": 1}\n'), ("a.xml", "<html/>"), ("a.gz", "")],
)
def test_other_files_are_no_logs(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert form_of(path) is None
    assert form_of(tmp_path / "none") is None
