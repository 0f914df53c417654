"""Object-centric event logs (OCEL 2.0) in JSON, XML and SQLite: events that concern any number of objects."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import ParseError, iterparse
from xml.sax.saxutils import escape, quoteattr

from regard.kernel.errors import InvalidInput, unknown_name
from regard.warehouse.files.tables import identifier
from regard.warehouse.files.xes import printable

CASE, ACTIVITY, TIME, EVENT = "ocel:oid", "ocel:activity", "ocel:timestamp", "ocel:eid"


@dataclass(slots=True)
class Event:
    """What happened, when, to which objects."""

    id: str
    activity: str
    time: str
    objects: Sequence[str] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ObjectLog:
    """The events, and of each object its type."""

    events: list[Event]
    types: dict[str, str]


def read_ocel(path: Path) -> ObjectLog:
    """The log at `path`, whichever of the three forms it has.

    Raises: InvalidInput where it is none.
    """
    with path.open("rb") as file:
        head = file.read(64).lstrip()
    try:
        if head.startswith(b"SQLite format 3"):
            return _from_sqlite(path)
        return _from_xml(path) if head.startswith((b"<", b"\xef\xbb\xbf<")) else _from_json(path)
    except (ParseError, OSError, ValueError, KeyError, TypeError, AttributeError, sqlite3.Error) as error:
        raise InvalidInput(
            "The log '%(given)s' cannot be read as OCEL 2.0: %(why)s.", given=path.name, why=error
        ) from None


def flattened(log: ObjectLog, kind: str | None) -> Iterator[dict[str, str]]:
    """A row for each event and each object of the type `kind` that it concerns: these objects are the cases.

    Raises: InvalidInput where there is no such type, or several and none is named.
    """
    kinds = sorted(set(log.types.values()))
    if kind is None and len(kinds) > 1:
        raise InvalidInput(f"Say which objects are the cases: --object with one of {', '.join(kinds)}.")
    chosen = kinds[0] if kind is None and kinds else kind or ""
    if chosen not in kinds:
        raise unknown_name("type of object", chosen, kinds)
    for event in log.events:
        for one in dict.fromkeys(event.objects):
            if log.types.get(one) == chosen:
                own = {EVENT: event.id, CASE: one, ACTIVITY: event.activity, TIME: event.time}
                yield own | dict(event.attributes)


def _from_json(path: Path) -> ObjectLog:
    whole = json.loads(path.read_text(encoding="utf-8-sig"))
    events = [
        Event(
            str(one["id"]),
            str(one["type"]),
            str(one["time"]),
            [str(to["objectId"]) for to in one.get("relationships") or ()],
            {str(value["name"]): str(value["value"]) for value in one.get("attributes") or ()},
        )
        for one in whole["events"]
    ]
    return ObjectLog(events, {str(one["id"]): str(one["type"]) for one in whole["objects"]})


def _from_xml(path: Path) -> ObjectLog:
    log = ObjectLog([], {})
    for _, element in iterparse(path, events=("end",)):
        if element.tag == "event" and element.get("id"):
            values = {one.get("name", ""): one.text or "" for one in element.iter("attribute")}
            to = [one.get("object-id", "") for one in element.iter("relationship")]
            log.events.append(
                Event(element.attrib["id"], element.attrib["type"], element.attrib["time"], to, values)
            )
            element.clear()
        elif element.tag == "object" and element.get("id"):
            log.types[element.attrib["id"]] = element.attrib["type"]
            element.clear()
    if not log.events:
        raise ValueError("it holds no event")
    return log


def _from_sqlite(path: Path) -> ObjectLog:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        types = {
            str(one): str(kind) for one, kind in connection.execute("SELECT ocel_id, ocel_type FROM object")
        }
        objects: dict[str, list[str]] = {}
        for event, to in connection.execute("SELECT ocel_event_id, ocel_object_id FROM event_object"):
            objects.setdefault(str(event), []).append(str(to))
        events = []
        for kind, table in connection.execute(
            "SELECT ocel_type, ocel_type_map FROM event_map_type"
        ).fetchall():
            rows = connection.execute(f"SELECT * FROM {identifier(f'event_{table}')} ORDER BY rowid")
            names = [column[0] for column in rows.description]
            for row in rows:
                values = {name: str(one) for name, one in zip(names, row, strict=True) if one is not None}
                own, when = values.pop("ocel_id"), values.pop("ocel_time")
                events.append(Event(own, str(kind), when, objects.get(own, ()), values))
        return ObjectLog(events, types)


def write_ocel(path: Path, kind: str, events: Iterable[Event]) -> None:
    """Write the log to `path`, as XML where its name ends in `.xmlocel` or `.xml`, else as JSON.

    Args:
        kind: the type of all its objects.
    """
    listed = list(events)
    objects = list(dict.fromkeys(one for event in listed for one in event.objects))
    names: dict[str, dict[str, None]] = {}
    for event in listed:
        names.setdefault(event.activity, {}).update(dict.fromkeys(event.attributes))
    is_xml = path.suffix.lower() in (".xmlocel", ".xml")
    path.write_text((_xml if is_xml else _json)(kind, listed, objects, names), encoding="utf-8")


def _json(kind: str, events: list[Event], objects: list[str], names: Mapping[str, Mapping[str, None]]) -> str:
    whole = {
        "objectTypes": [{"name": kind, "attributes": []}],
        "eventTypes": [
            {"name": one, "attributes": [{"name": name, "type": "string"} for name in given]}
            for one, given in names.items()
        ],
        "objects": [{"id": one, "type": kind, "attributes": [], "relationships": []} for one in objects],
        "events": [
            {
                "id": one.id,
                "type": one.activity,
                "time": one.time,
                "attributes": [{"name": name, "value": value} for name, value in one.attributes.items()],
                "relationships": [{"objectId": to, "qualifier": "case"} for to in one.objects],
            }
            for one in events
        ],
    }
    return json.dumps(whole, ensure_ascii=False)


def _xml(kind: str, events: list[Event], objects: list[str], names: Mapping[str, Mapping[str, None]]) -> str:
    def q(text: str) -> str:
        return quoteattr(printable(text))

    parts = ['<?xml version="1.0" encoding="UTF-8"?>', "<log>", "<object-types>"]
    parts += [f"<object-type name={q(kind)}><attributes/></object-type>", "</object-types>", "<event-types>"]
    for activity, given in names.items():
        inner = "".join(f'<attribute name={q(name)} type="string"/>' for name in given)
        parts.append(f"<event-type name={q(activity)}><attributes>{inner}</attributes></event-type>")
    parts += ["</event-types>", "<objects>"]
    parts += [f"<object id={q(one)} type={q(kind)}><attributes/></object>" for one in objects]
    parts += ["</objects>", "<events>"]
    for event in events:
        values = "".join(
            f"<attribute name={q(name)}>{escape(printable(value))}</attribute>"
            for name, value in event.attributes.items()
        )
        to = "".join(f'<relationship object-id={q(one)} qualifier="case"/>' for one in event.objects)
        parts.append(
            f"<event id={q(event.id)} type={q(event.activity)} time={q(event.time)}><objects>{to}</objects>"
            f"<attributes>{values}</attributes></event>"
        )
    return "\n".join([*parts, "</events>", "</log>", ""])
