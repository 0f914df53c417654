"""Counting ahead: what members will find on their homes is counted before they open them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from regard.apps.dashboards import catalogue as _catalogue  # noqa: F401  Makes the homes known.
from regard.apps.dashboards.headlines import read_headlines
from regard.apps.dashboards.home import HOMES
from regard.apps.dashboards.queries import extent_of, read_extents
from regard.apps.dashboards.readings import HubReadings
from regard.apps.dashboards.windows import USUAL, show_window
from regard.apps.organisation import queries as organisation
from regard.apps.organisation.policy import Sight
from regard.webkit.hub import Hub

# An organisation of many units has many homes; those beyond are counted when they are opened.
MOST_HOMES = 24


def count_homes(hub: Hub, *, now: datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """Count the tiles of every kind of home that a member opens, as they stand without a choice of theirs.

    Args:
        stop: asked between two homes; the rest waits for the next time.

    Returns: how many homes were counted.
    """
    settings, n = organisation.get_settings(), 0
    for role, sight in _homes():
        if stop():
            break
        extent = extent_of(read_extents(hub, sight).values())
        if extent.last is None:
            continue
        zone = ZoneInfo(settings.zone)
        window, _ = show_window(
            USUAL,
            "",
            zone=zone,
            now=now,
            first=extent.first,
            last=extent.last,
            whole_weeks=not sight.reads_answers,
        )
        readings = HubReadings(hub, sight=sight, settings=settings, now=now)
        read_headlines(HOMES.get(role).tiles, window, readings)
        n += 1
    return n


def _homes() -> Iterator[tuple[str, Sight]]:
    """Each role with each sight that a member of it has, those who see all first."""
    members = [member for member in organisation.list_members() if member.is_active and member.role in HOMES]
    found = {(member.role, organisation.get_sight(member)) for member in members}
    kept = sorted(found, key=lambda home: (home[1].units is not None, home[0], sorted(home[1].units or ())))
    yield from kept[:MOST_HOMES]
