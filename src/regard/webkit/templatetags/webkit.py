"""Tags and filters of the shared web parts."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from regard.webkit import formats
from regard.webkit import navigation as pages

register = template.Library()

ICONS = {
    "home": "M3 10.5 12 3l9 7.5V20a1 1 0 0 1-1 1h-5v-6H9v6H4a1 1 0 0 1-1-1z",
    "pulse": "M3 12h4l3-8 4 16 3-8h4",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.6-6 8-6s8 2 8 6",
    "people": "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2 20c0-3.5 3-5.5 7-5.5s7 2 7 5.5M16 4.5a3.5 3.5 0 0 1 0 6.5M22 20c0-2.800-1.500-4.500-4-5.200",
}


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> list[dict[str, object]]:
    """The entries of the navigation that this reader may open."""
    return pages.entries_for(context["request"])


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing by its name; it says nothing that the word beside it does not."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>',
        mark_safe(ICONS[name]),
    )


@register.filter
def number(value: float) -> str:
    """A number in the reader's way."""
    return formats.number(value)
