"""What an engine is: it offers the warehouse's views and answers questions written in DuckDB's SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, runtime_checkable

from regard.kernel.registry import Registry
from regard.warehouse.counts import Reads
from regard.warehouse.log import Log


class Answer(Protocol):
    """The rows of an answer, read in one of three ways."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        ...

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, None after the last."""
        ...

    def fetchnumpy(self) -> dict[str, Any]:
        """The columns as arrays, masked where null."""
        ...


class Engine(Protocol):
    """Answers questions over one snapshot. A DuckDB connection is one as it is."""

    def execute(self, query: str) -> Answer:
        """Run one statement in DuckDB's dialect. Raises: CannotAnswer where the engine refuses it."""
        ...


@runtime_checkable
class Keeps(Protocol):
    """An engine that keeps what it counted, for the questions that are asked again and again."""

    def keep(self, query: str, reads: Reads) -> Answer:
        """The answer to a question that reads no more than `reads`, kept until something of that changes."""
        ...

    def months(self) -> Sequence[str]:
        """The months of which there are interactions, in order; none where that is not known."""
        ...


class CannotAnswer(Exception):
    """The engine read the question and refused it: it compares what cannot be compared, or divides by zero."""


@dataclass(frozen=True, slots=True)
class EngineKind:
    """One engine of those that Regard knows.

    Args:
        key, title: what it is called in commands, and on a page.
        open: gives the engine over a log, closed when the context ends. `where` says where it runs, if not here.
    """

    key: str
    title: str
    open: Callable[[Log, str], AbstractContextManager[Engine]]


ENGINES: Registry[EngineKind] = Registry("engine")
register = ENGINES.register
# Each registers itself when it is loaded, which costs a tenth of a second: only the one that is wanted.
MODULES = ("duckdb", "spark")


def get_engine(key: str) -> EngineKind:
    """The engine called `key`. Raises: InvalidInput naming the nearest known one."""
    for module in (key,) if key in MODULES else MODULES:
        import_module(f"regard.warehouse.engines.{module}")
    return ENGINES.get(key)
