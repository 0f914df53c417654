"""A home put together: the sentence, the tiles and the parts, from one set of figures. It names no part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from regard.apps.dashboards.home import PARTS, Context, Home, PartKind
from regard.apps.dashboards.sentence import opening
from regard.apps.dashboards.tiles import draw_tile
from regard.apps.organisation.models import Member
from regard.apps.organisation.services import note_reading
from regard.webkit.figures import Figure


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part with what it shows."""

    kind: PartKind
    content: Any


@dataclass(frozen=True, slots=True)
class Page:
    """All that a home shows.

    Args:
        silent: the figures that have no value yet, each with its reason.
    """

    title: str
    sentence: SafeString
    first: tuple[ShownPart, ...]
    figures: tuple[Figure, ...]
    parts: tuple[ShownPart, ...]
    silent: tuple[Figure, ...]


def make_page(home: Home, context: Context) -> Page:
    """The page of one home. Parts that have nothing to show are left out."""
    first, parts = (_read(keys, context) for keys in (home.first, home.parts))
    tiles, window = context.tiles, context.window
    sentences = [*_say(first), opening(tiles, window), *_say(parts)]
    return Page(
        title=str(home.title),
        sentence=format_html_join(" ", "{}", ((said,) for said in sentences if said)),
        first=first,
        figures=tuple(draw_tile(tile, window) for tile in tiles if tile.estimate),
        parts=parts,
        silent=tuple(draw_tile(tile, window) for tile in tiles if not tile.estimate),
    )


def note_read(page: Page, member: Member) -> None:
    """Write down whose single words and cases a page shows."""
    for part in (*page.first, *page.parts):
        for what, numbers in part.kind.names(part.content).items():
            if numbers:
                note_reading(member, what, numbers)


def _read(keys: Sequence[str], context: Context) -> tuple[ShownPart, ...]:
    kinds = [PARTS.get(key) for key in keys]
    read = [ShownPart(kind, kind.read(context)) for kind in kinds]
    return tuple(part for part in read if part.content is not None)


def _say(parts: Sequence[ShownPart]) -> list[SafeString]:
    return [part.kind.say(part.content) for part in parts]
