"""The entries of the navigation: each slice registers its own pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from regard.kernel.registry import Registry
from regard.webkit.access import may


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation.

    Args:
        key: also the name of its address.
        title: a lazy translation.
        part: what a member must be allowed to open; empty is everybody's.
        icon: the name of a drawing in `templatetags/webkit.py`.
        order: smaller stands higher; on a phone the first four stand at the bottom, the rest under *More*.
        count: how many wait for this reader there; nothing is shown where none do.
    """

    key: str
    title: str | Promise
    part: str
    icon: str
    order: int
    count: Callable[[HttpRequest], int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as this reader sees it.

    Args:
        is_here: the value of `aria-current`: page where they are on it, true where they are below it, else empty.
    """

    title: str
    icon: str
    href: str
    is_here: str
    count: int


@dataclass(frozen=True, slots=True)
class Lines:
    """All entries of a reader: those that a phone shows at once, and the rest."""

    first: tuple[Line, ...]
    rest: tuple[Line, ...]


ENTRIES: Registry[Entry] = Registry("page")
ROOM_ON_A_PHONE = 5


def entries_for(request: HttpRequest) -> Lines:
    """What this reader may open, in order, with the one they are on or below marked."""
    open_to = [
        (entry, href)
        for entry in sorted(ENTRIES, key=lambda entry: entry.order)
        if may(request, entry.part) and (href := find_address(entry.key))
    ]
    here = max((href for _, href in open_to if request.path.startswith(href)), key=len, default="")
    lines = tuple(
        Line(
            title=str(entry.title),
            icon=entry.icon,
            href=href,
            is_here="" if href != here else "page" if href == request.path else "true",
            count=entry.count(request) if entry.count else 0,
        )
        for entry, href in open_to
    )
    n = len(lines) if len(lines) <= ROOM_ON_A_PHONE else ROOM_ON_A_PHONE - 1
    return Lines(lines[:n], lines[n:])


def find_address(name: str, *arguments: object) -> str:
    """The address of a page that another slice may bring; empty where none does.

    >>> find_address("no-such-page")
    ''
    """
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
