"""The entries of the navigation: each slice registers its own pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
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
        icon: the name of a drawing in `templates/webkit/icons.html`.
        order: smaller stands higher.
    """

    key: str
    title: str | Promise
    part: str
    icon: str
    order: int


ENTRIES: Registry[Entry] = Registry("page")


def entries_for(request: HttpRequest) -> list[dict[str, object]]:
    """What this reader may open, in order, with the one they are on marked."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        {"title": entry.title, "icon": entry.icon, "href": reverse(entry.key), "is_here": here == entry.key}
        for entry in sorted(ENTRIES, key=lambda entry: entry.order)
        if may(request, entry.part)
    ]
