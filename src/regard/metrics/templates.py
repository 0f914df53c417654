"""Templates of ours with values put in, as the text that an engine runs.

Nothing here takes SQL from a caller: a value becomes a literal, whatever it holds. What a caller writes as a condition
goes through `conditions`. That every template of the catalogue is one statement of the dialect is tested.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from regard.metrics.settings import Value
from regard.warehouse.literals import text_sql

PLACE = re.compile(r"\$([a-z_]\w*)")


def fill(template: str, **values: Value) -> str:
    """The template with every `$name` replaced by the value of that name as a literal.

    Within `in ($name)` a tuple stands for its items; an empty one matches nothing.

    >>> fill("kind in ($kinds) and score > $least", kinds=("a", "b"), least=3.0)
    "kind in ('a', 'b') and score > 3.0"
    """
    return PLACE.sub(lambda place: literal(values[place[1]]), template)


def literal(value: Value) -> str:
    """A value as SQL writes it; an instant keeps its zone.

    >>> literal("it's"), literal(None), literal(())
    ("'it''s'", 'NULL', 'NULL')
    """
    match value:
        case None:
            return "NULL"
        case str():
            return text_sql(value)
        case datetime():
            return f"TIMESTAMPTZ '{value.astimezone(UTC).isoformat()}'"
        case tuple():
            return ", ".join(literal(item) for item in value) or "NULL"
        case _:
            return repr(value)


def quoted(name: str) -> str:
    """A name as SQL writes it, whatever it holds.

    >>> quoted('o"x')
    '"o""x"'
    """
    return '"' + name.replace('"', '""') + '"'
