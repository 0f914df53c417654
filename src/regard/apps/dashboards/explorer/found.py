"""By what figures can be cut: the columns of the log, and what its interactions and customers carry beside them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regard.apps.organisation.policy import Sight
from regard.metrics.dimensions import ATTRIBUTE, TRAIT
from regard.webkit.hub import Hub

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Names change seldom: they are looked for again after so long, not each time that something arrives.
KEPT_SECONDS = 300.0
MOST_NAMES = 300
# How many interactions are looked at; a name that stands in none of so many can still be typed.
SAMPLED = 200_000

NAMES = """
SELECT name, count(*) AS n FROM (
    SELECT unnest(json_keys(attributes)) AS name FROM (
        SELECT attributes FROM log WHERE attributes IS NOT NULL AND {scope} AND {kinds}) USING SAMPLE {sampled} ROWS)
WHERE length(name) <= 100 AND NOT contains(name, '"') GROUP BY name ORDER BY n DESC, name LIMIT {most}
"""
TRAITS = """
SELECT DISTINCT name FROM traits_now {join} WHERE length(name) <= 100 AND NOT contains(name, '"') AND {scope}
ORDER BY name LIMIT {most}
"""


@dataclass(frozen=True, slots=True)
class Found:
    """Names of attributes (the most frequent first) and of customers' traits, and whether there are accounts."""

    attributes: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    has_accounts: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """All of them as dimensions."""
        return (
            *(f"{ATTRIBUTE}.{name}" for name in self.attributes),
            *(f"{TRAIT}.{name}" for name in self.traits),
        )


class Kept:
    """Answers kept for a while, whatever arrives meanwhile."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._found: dict[tuple[object, ...], tuple[float, Found]] = {}

    def get(self, key: tuple[object, ...], ask: Callable[[], Found]) -> Found:
        """The answer to `ask`, at most KEPT_SECONDS old."""
        with self._lock:
            at, known = self._found.get(key, (0.0, None))
        if known is not None and self._clock() - at < KEPT_SECONDS:
            return known
        answer = ask()
        with self._lock:
            self._found = {k: v for k, v in self._found.items() if self._clock() - v[0] < KEPT_SECONDS}
            self._found[key] = (self._clock(), answer)
        return answer


_kept = Kept()


def find_names(hub: Hub, sight: Sight, kinds: tuple[str, ...] | None) -> Found:
    """What interactions of these kinds (None: of all), of the reader's units, carry; and the traits of their customers."""

    def ask() -> Found:
        with hub.cursor() as cursor:
            return look_for_names(cursor, sight, kinds)

    return _kept.get((hub.url, sight.units, kinds), ask)


def look_for_names(connection: DuckDBPyConnection, sight: Sight, kinds: tuple[str, ...] | None) -> Found:
    """The same, asked of the log."""
    scope, values = _listed("unit", sight.units)
    of_kinds, more = _listed("kind", kinds)
    attributes = connection.execute(
        NAMES.format(scope=scope, kinds=of_kinds, sampled=SAMPLED, most=MOST_NAMES), [*values, *more]
    ).fetchall()
    join = (
        ""
        if sight.units is None
        else "SEMI JOIN interactions ON interactions.customer_id = traits_now.customer_id"
    )
    if sight.units is not None:
        join += f" AND interactions.{scope}" if sight.units else " AND false"
    traits = connection.execute(TRAITS.format(join=join, scope="true", most=MOST_NAMES), values).fetchall()
    accounts = connection.execute("SELECT 1 FROM memberships_now LIMIT 1").fetchall()
    return Found(tuple(name for name, _ in attributes), tuple(name for (name,) in traits), bool(accounts))


def _listed(column: str, keys: Iterable[str] | None) -> tuple[str, list[object]]:
    """The condition that keeps to these keys; None keeps to nothing."""
    if keys is None:
        return "true", []
    wanted = sorted(keys)
    if not wanted:
        return "false", []
    return f"{column} IN ({', '.join('?' for _ in wanted)})", [*wanted]
