"""What a home is made of: figures in order, and parts before and after them, each describing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from regard.apps.dashboards.readings import Readings
from regard.apps.dashboards.tiles import Tile
from regard.apps.dashboards.windows import Window
from regard.apps.organisation.policy import Sight
from regard.apps.organisation.queries import Settings
from regard.kernel.registry import Registry
from regard.webkit.hub import Hub

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Home:
    """The first page of a role.

    Args:
        key: the role's key.
        title: what the page is called, as a lazy translation.
        tiles: keys of metrics, in the order of their weight for this role.
        parts: keys of the parts below the tiles, in order.
        first: keys of the parts above the tiles: what has to be done comes before what has to be known.
        lead: metrics that the comparison and the heat map may show; the first that has a figure is taken, where none has
            one the organisation's own question.
    """

    key: str
    title: str | Promise
    tiles: tuple[str, ...]
    parts: tuple[str, ...]
    first: tuple[str, ...] = ()
    lead: tuple[str, ...] = ("nps", "csat", "ces")


@dataclass(frozen=True, slots=True)
class Context:
    """What a part reads from; all of it lies within what the reader may see.

    Args:
        member_id: who reads.
        sight: what they may see; give it to the queries of other slices.
        window: the period and the source that they chose.
        readings: answers questions about metrics.
        tiles: the home's figures, read already.
        lead: the metrics that comparisons may show, in order.
        unit_titles: what units are called, by key.
        hub: the log, for questions that are no metrics; `remember` asks it.
    """

    member_id: int
    sight: Sight
    window: Window
    readings: Readings
    tiles: tuple[Tile, ...]
    lead: tuple[str, ...]
    unit_titles: Mapping[str, str]
    settings: Settings
    now: datetime
    hub: Hub

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the organisation's days are cut."""
        return ZoneInfo(self.settings.zone)

    def remember(self, name: str, ask: Callable[[DuckDBPyConnection], Answer]) -> Answer:
        """The answer to a question about the log, asked once per state of the log, sight, period and source.

        Args:
            name: tells this question from others; it holds all else that the answer depends on.
        """

        def answer() -> Answer:
            with self.hub.cursor() as cursor:
                return ask(cursor)

        return self.hub.remember((name, self.sight, self.window.period, self.window.source), answer)


def _nothing_to_say(_content: Any) -> SafeString:
    return SafeString("")


def _nobody(_content: Any) -> Mapping[str, Sequence[int]]:
    return {}


@dataclass(frozen=True, slots=True)
class PartKind:
    """One kind of part; see `regard.apps.dashboards.parts` for how to write one.

    Args:
        key: how homes name it; its template is `dashboards/parts/<key>.html`.
        title: its heading, as a lazy translation.
        read: what it shows, or None where it has nothing to show and is left out.
        say: what it adds to the page's opening sentence, from what was read; empty for nothing.
        is_wide: it takes the whole width.
        names: whose single words or cases it shows, for the record of who read what: numbers by what they are.
    """

    key: str
    title: str | Promise
    read: Callable[[Context], Any]
    say: Callable[[Any], SafeString] = _nothing_to_say
    is_wide: bool = False
    names: Callable[[Any], Mapping[str, Sequence[int]]] = _nobody

    @property
    def template(self) -> str:
        """The template that draws the inside of its card."""
        return f"dashboards/parts/{self.key}.html"


HOMES: Registry[Home] = Registry("home")
PARTS: Registry[PartKind] = Registry("part of a home")
