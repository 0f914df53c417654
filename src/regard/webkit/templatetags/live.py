"""Parts of a page that follow what arrives."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
ADDRESS = "/live/"


@register.simple_tag(takes_context=True)
def live(
    context: dict[str, Any], part: str, customer: int | None = None, every: str | None = None
) -> SafeString:
    """The attributes of the element with the id `part`: it is fetched again with this page when something changes.

    Args:
        customer: follow only this one.
        every: fetch it so often besides ("10s").
    """
    return format_html(
        ' id="{0}" data-live="{1}" hx-ext="blend" hx-get="{2}" hx-trigger="regard:changed{3}" hx-select="#{0}"'
        ' hx-swap="blend" hx-sync="this:queue last"',
        part,
        ADDRESS if customer is None else f"{ADDRESS}?customer={customer}",
        context["request"].get_full_path(),
        f", every {every}" if every else "",
    )
