"""An organisation's own log, as a command is given it. Where it stands and what was set is not known on this floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from regard.warehouse.engines.engine import Engine


@dataclass(frozen=True, slots=True)
class Hub:
    """An organisation's log, how it tells time and money, and the settings of metrics that it chose."""

    connection: Engine
    zone: ZoneInfo
    currency: str
    defaults: Mapping[str, object] = field(default_factory=dict)


# Opens the hub through the engine of this key, closed when the context ends.
OpenHub = Callable[[str], AbstractContextManager[Hub]]
