"""Tags and filters of the shared web parts."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from regard.webkit import formats, words
from regard.webkit import navigation as pages
from regard.webkit.access import may

register = template.Library()

ICONS = {
    "dot": "M12 12h.01",
    "home": "M3 10.5 12 3l9 7.5V20a1 1 0 0 1-1 1h-5v-6H9v6H4a1 1 0 0 1-1-1z",
    "pulse": "M3 12h4l3-8 4 16 3-8h4",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.6-6 8-6s8 2 8 6",
    "more": "M5 12h.01M12 12h.01M19 12h.01",
    "inbox": "M4 13h5l1.500 3h3l1.500-3h5M4 13l3-8h10l3 8v6a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1z",
    "search": "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5",
    "book": "M4 5a2 2 0 0 1 2-2h14v15H6a2 2 0 0 0-2 2zM4 20a2 2 0 0 0 2 1h14v-3",
    "chart": "M4 20V4M4 20h16M8 16l4-5 3 3 5-7",
    "upload": "M12 16V4M7 9l5-5 5 5M4 20h16",
    "key": "M14 10a4 4 0 1 0-4 4M12.800 12.800 20 20M17 17l2-2",
    "gear": "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.100 2.100M16.300 16.300l2.100 2.100M5.600 18.400l2.100-2.100M16.300 7.700l2.100-2.100",
    "shield": "M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6z",
    "tree": "M12 4v5M5 20v-4h14v4M12 9v7M9 4h6",
    "people": "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2 20c0-3.5 3-5.5 7-5.5s7 2 7 5.5M16 4.5a3.5 3.5 0 0 1 0 6.5M22 20c0-2.800-1.500-4.500-4-5.200",
}


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> pages.Lines:
    """The entries of the navigation that this reader may open."""
    return pages.entries_for(context["request"])


@register.simple_tag(takes_context=True)
def find_customers(context: dict[str, Any]) -> str:
    """Where customers are searched; empty where this reader may not see any."""
    return pages.find_address("customers") if may(context["request"], "customers") else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing by its name, a dot for an unknown one; it says nothing that the word beside it does not."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>',
        mark_safe(ICONS.get(name, ICONS["dot"])),
    )


@register.filter
def number(value: float) -> str:
    """A number in the reader's way."""
    return formats.number(value)


@register.filter
def channel(key: str | None) -> str:
    """What a channel is called."""
    return words.channel_of(key)


@register.filter
def touchpoint(key: str | None) -> str:
    """What a touchpoint is called."""
    return words.touchpoint_of(key)
