"""What a home is: which figures stand on it, in which order, and which parts follow."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from regard.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Home:
    """The first page of a role.

    Args:
        key: the role's key.
        title: what the page is called, as a lazy translation.
        tiles: keys of metrics, in the order of their weight for this role.
        parts: names of the parts below the tiles, in order: templates `dashboards/parts/<name>.html`.
        lead: metrics that the comparison and the heat map may show; the first that has a figure is taken.
    """

    key: str
    title: str | Promise
    tiles: tuple[str, ...]
    parts: tuple[str, ...]
    lead: tuple[str, ...] = ("nps", "csat", "ces")


HOMES: Registry[Home] = Registry("home")
