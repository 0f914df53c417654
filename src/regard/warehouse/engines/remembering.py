"""An engine that is asked the same question once, although several figures follow from its answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any, Protocol

from regard.warehouse.counts import Reads
from regard.warehouse.engines.engine import Answer, Engine, Keeps

READS = ("SELECT", "WITH")


class Remember(Protocol):
    """Keeps answers by question for as long as the log stays as it is; asks only where it has none."""

    def __call__(self, key: Hashable, ask: Callable[[], Any]) -> Any: ...


class Remembering:
    """Asks `engine`, unless `remember` knows the answer; everything but questions goes through at once."""

    def __init__(self, engine: Engine, remember: Remember) -> None:
        self._engine = engine
        self._remember = remember
        self._settings: tuple[str, ...] = ()

    def execute(self, query: str) -> Answer:
        """The answer to one statement; a question is asked when its rows are fetched."""
        if not query.lstrip().startswith(READS):
            self._settings = (*self._settings, query)
            return self._engine.execute(query)
        return _Remembered(self._engine.execute, query, self._settings, self._remember)

    def keep(self, query: str, reads: Reads) -> Answer:
        """The same for a question whose answer an engine that keeps counts finds again in another process."""
        engine = self._engine
        ask = partial(engine.keep, reads=reads) if isinstance(engine, Keeps) else engine.execute
        return _Remembered(ask, query, self._settings, self._remember)

    def months(self) -> Sequence[str]:
        """The months of which there are interactions, in order; none where the engine keeps no counts."""
        engine = self._engine
        found: Sequence[str] = self._remember(
            "months", lambda: engine.months() if isinstance(engine, Keeps) else ()
        )
        return found


class _Remembered:
    def __init__(
        self, ask: Callable[[str], Answer], query: str, settings: tuple[str, ...], remember: Remember
    ) -> None:
        self._ask = ask
        self._query = query
        self._settings = settings
        self._remember = remember

    def fetchall(self) -> list[tuple[Any, ...]]:
        ask = self._ask
        found: list[tuple[Any, ...]] = self._remember(
            ("rows", self._settings, self._query), lambda: ask(self._query).fetchall()
        )
        return found

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(iter(self.fetchall()), None)

    def fetchnumpy(self) -> dict[str, Any]:
        ask = self._ask
        found: dict[str, Any] = self._remember(
            ("columns", self._settings, self._query), lambda: ask(self._query).fetchnumpy()
        )
        return found
