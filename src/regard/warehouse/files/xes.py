"""Event logs in XES (IEEE 1849): one trace a case, one event after the other."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse
from xml.sax.saxutils import quoteattr

from regard.kernel.errors import InvalidInput

CASE, ACTIVITY, TIME = "case:concept:name", "concept:name", "time:timestamp"
VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <global scope="trace"><string key="concept:name" value=""/></global>
  <global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00Z"/></global>
  <classifier name="Activity" keys="concept:name"/>
"""


def read_xes(path: Path) -> Iterator[dict[str, str]]:
    """The events of the log at `path`, as they stand; a trace's own attributes begin with `case:`.

    A trace without a name is called by its number. Attributes within attributes are left out.

    Raises: InvalidInput where it is no XML.
    """
    trace: dict[str, str] = {}
    n_traces = 0
    try:
        with _opened(path) as file:
            path_to: list[str] = []
            for what, element in iterparse(file, events=("start", "end")):
                tag = element.tag.rpartition("}")[2]
                if what == "start":
                    path_to.append(tag)
                    if tag == "trace":
                        n_traces += 1
                        trace = {CASE: str(n_traces)}
                    continue
                path_to.pop()
                inside = path_to[-1] if path_to else ""
                if tag in VALUES and inside == "trace":
                    trace[f"case:{element.get('key')}"] = element.get("value", "")
                elif tag == "event":
                    yield trace | _values(element)
                if tag in ("event", "trace"):
                    element.clear()
    except (ParseError, OSError) as error:
        raise InvalidInput(
            "The log '%(given)s' cannot be read: %(why)s.", given=path.name, why=error
        ) from None


def write_xes(path: Path, cases: Iterable[tuple[str, Iterable[Mapping[str, str | float]]]]) -> None:
    """Write a trace for each case, with its name and its events.

    Args:
        cases: each event by the names of XES: `concept:name`, `time:timestamp` (ISO 8601), and any others.
    """
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for name, events in cases:
            file.write(f"  <trace>\n    {_attribute('concept:name', name)}\n")
            for event in events:
                inner = "".join(_attribute(key, value) for key, value in event.items())
                file.write(f"    <event>{inner}</event>\n")
            file.write("  </trace>\n")
        file.write("</log>\n")


def _values(element: Element) -> dict[str, str]:
    return {
        child.get("key", ""): child.get("value", "")
        for child in element
        if child.tag.rpartition("}")[2] in VALUES
    }


def _attribute(key: str, value: str | float) -> str:
    kind = "float" if isinstance(value, float) else "date" if key == TIME else "string"
    return f"<{kind} key={quoteattr(key)} value={quoteattr(printable(str(value)))}/>"


def printable(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return "".join(one for one in text if one >= " " or one in "\t\n\r")


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
    return io.BufferedReader(gzip.open(path, "rb")) if is_packed else path.open("rb")
