"""A home put together: the sentence, the tiles and the parts, from one set of figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from regard.apps.dashboards import words
from regard.apps.dashboards.home import Home
from regard.apps.dashboards.parts import Beside, HeatMap, lead_of, read_beside, read_widest_heat
from regard.apps.dashboards.queries import Comments
from regard.apps.dashboards.readings import Readings
from regard.apps.dashboards.sentence import opening
from regard.apps.dashboards.tiles import Tile, draw_tile, read_tiles
from regard.apps.dashboards.windows import Window
from regard.webkit import formats
from regard.webkit.figures import Figure


@dataclass(frozen=True, slots=True)
class Said:
    """A comment, ready to be shown."""

    text: str
    language: str
    about: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that a home shows."""

    title: str
    sentence: SafeString
    figures: tuple[Figure, ...]
    silent: tuple[Figure, ...]
    parts: tuple[str, ...]
    units: Beside | None = None
    agents: Beside | None = None
    heat: HeatMap | None = None
    comments: tuple[Said, ...] = ()
    n_comments: str = ""
    comments_withheld: bool = False
    least_comments: int = field(default=8)


def make_page(
    home: Home,
    window: Window,
    readings: Readings,
    *,
    comments: Comments | None,
    unit_titles: Mapping[str, str],
    zone: ZoneInfo,
) -> Page:
    """The page of one home. Parts that have nothing to show are left out.

    Args:
        comments: None where this reader may not read customers' words.
        unit_titles: what units are called, by key.
    """
    tiles = read_tiles(home.tiles, window, readings)
    found = _read_parts(home, tiles, window, readings, unit_titles)
    said = _said(comments, unit_titles, zone)
    has = {
        "units": found.get("units") is not None,
        "agents": found.get("agents") is not None,
        "heat": found.get("heat") is not None,
        "comments": bool(said) or (comments is not None and comments.is_withheld),
    }
    heat = found.get("heat")
    return Page(
        title=str(home.title),
        sentence=opening(tiles, heat if isinstance(heat, HeatMap) else None, window),
        figures=tuple(draw_tile(tile, window) for tile in tiles if tile.estimate),
        silent=tuple(draw_tile(tile, window) for tile in tiles if not tile.estimate),
        parts=tuple(part for part in home.parts if has[part]),
        comments=said,
        n_comments=words.comments_text(comments.n) if comments else "",
        comments_withheld=comments is not None and comments.is_withheld,
        **found,  # type: ignore[arg-type]
    )


def _read_parts(
    home: Home, tiles: Sequence[Tile], window: Window, readings: Readings, unit_titles: Mapping[str, str]
) -> dict[str, Beside | HeatMap | None]:
    lead = lead_of(tiles, home.lead)
    if lead is None:
        return {}
    readers: dict[str, Callable[[], Beside | HeatMap | None]] = {
        "units": lambda: read_beside(lead, "unit", window, readings, unit_titles),
        "agents": lambda: read_beside(lead, "agent", window, readings, {}),
        "heat": lambda: read_widest_heat(tiles, home.lead, window, readings),
    }
    return {part: readers[part]() for part in home.parts if part in readers}


def _said(comments: Comments | None, unit_titles: Mapping[str, str], zone: ZoneInfo) -> tuple[Said, ...]:
    if comments is None:
        return ()
    return tuple(
        Said(
            text=comment.text,
            language=comment.language,
            about=_about(
                [
                    words.answer_of(comment.metric, comment.score),
                    words.channel_of(comment.channel) if comment.channel else "",
                    words.touchpoint_of(comment.touchpoint) if comment.touchpoint else "",
                    unit_titles.get(comment.unit or "", comment.unit or ""),
                    _when(comment.occurred_at, zone),
                ]
            ),
        )
        for comment in comments.latest
    )


def _about(parts: Sequence[str]) -> str:
    return " · ".join(part for part in parts if part)


def _when(instant: datetime, zone: ZoneInfo) -> str:
    return formats.day(instant, zone)
