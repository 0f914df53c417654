"""Filters of the pages of intake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(table: Mapping[str, Any], key: str) -> Any:
    """What stands under a key."""
    return table.get(key, key)


@register.filter
def plain(number: Any) -> str:
    """A number as it is typed; nothing where there is none."""
    return f"{number:g}" if isinstance(number, float | int) else ""
