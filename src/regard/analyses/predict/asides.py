"""What can be asked beside the chances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from regard.analyses.telling import Sheet


@dataclass(frozen=True, slots=True)
class Aside:
    """One more answer: where it stands in the document, its sentences, tables and notes, and its picture if it has one."""

    key: str
    entry: Any
    method: str
    source: str
    lines: Sequence[str] = ()
    sheets: Sequence[Sheet] = ()
    notes: Sequence[str] = ()
    draw: Callable[[], str] | None = None
