"""My unit among its peers: figures of whole units only, also of those whose answers are not mine to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from regard.analytics.differences.part_of_whole import standings
from regard.apps.dashboards import words
from regard.apps.dashboards.comparing import MAX_ROWS, Beside, lead_of, read_beside
from regard.apps.dashboards.home import PARTS, Context, PartKind
from regard.apps.dashboards.readings import Ask, HubReadings
from regard.apps.dashboards.tiles import Tile
from regard.apps.organisation.policy import Part, below
from regard.apps.organisation.queries import list_units
from regard.kernel.periods import Period
from regard.webkit.comparisons import Contender, make_comparison
from regard.webkit.measures import MEASURES
from regard.webkit.navigation import find_address

if TYPE_CHECKING:
    from regard.metrics.readings import Result


def read_peers(context: Context) -> Beside | None:
    """Units of the same level beside the reader's own; where they lead the whole company, its units.

    Each peer is one figure over all that lies below it, withheld where it has fewer than five answers.
    """
    lead = lead_of(context.tiles, context.lead)
    if lead is None:
        return None
    parents = {unit.key: unit.parent for unit in list_units()}
    own = own_unit(context.sight.units, parents)
    if own is None:
        return read_beside(lead, "unit", context.window, context.readings, context.unit_titles)
    peers = {
        key: tuple(sorted(below(key, parents))) for key, parent in parents.items() if parent == parents[own]
    }
    if len(peers) < 2:
        return read_beside(lead, "unit", context.window, context.readings, context.unit_titles)
    return _compare(context, lead, own, peers)


def _compare(context: Context, lead: Tile, own: str, peers: Mapping[str, tuple[str, ...]]) -> Beside | None:
    """The reader's own unit beside its peers, each with all that lies below it."""
    result = _read_wide(context, lead, peers)
    found = [reading for reading in result.readings if reading.group.get("peer") in peers]
    sides = standings([reading.estimate for reading in found], result.total.estimate)
    behind = _behind(lead, result.period or context.window.period, context)
    contenders = [
        Contender(
            label=context.unit_titles.get(str(one.group["peer"]), str(one.group["peer"])),
            estimate=one.estimate,
            reason="" if one.estimate else words.reason_of(one.reason),
            standing=side,
            is_own=one.group["peer"] == own,
            # What stands behind a peer's figure is theirs to read.
            href=behind if one.group["peer"] == own else "",
        )
        for one, side in sorted(zip(found, sides, strict=True), key=lambda pair: pair[0].group["peer"] != own)
    ]
    if len(contenders) < 2:
        return None
    whole = result.total.estimate
    chart = make_comparison(
        contenders[:MAX_ROWS],
        measure=MEASURES.get(str(result.unit)),
        better=lead.better,
        reference=whole.value if whole else None,
        currency=lead.currency,
    )
    return Beside(lead.title, chart, max(0, len(contenders) - MAX_ROWS), is_own_open=True)


def _read_wide(context: Context, lead: Tile, peers: Mapping[str, tuple[str, ...]]) -> Result:
    """The figures of whole units, as somebody who may see all of them but no single answer."""
    from regard.metrics.dimensions import Gathered

    units = frozenset(key for keys in peers.values() for key in keys)
    readings = HubReadings(
        context.hub,
        sight=replace(context.sight, units=units, reads_answers=False),
        settings=context.settings,
        now=context.now,
        source=context.window.source,
    )
    gathered = Gathered("peer", "unit", tuple(sorted(peers.items())))
    asked = Ask(lead.metric, context.window.period, by=("peer",), where=lead.condition, gathered=(gathered,))
    return readings.ask(asked)


def _behind(lead: Tile, period: Period, context: Context) -> str:
    """Where the interactions of the reader's own unit stand, of the very weeks that peers are compared over."""
    if not context.sight.may(Part.EXPLORER):
        return lead.href(context.window)
    zone, source = ZoneInfo(context.settings.zone), context.window.source
    last = period.end.astimezone(zone) - timedelta(seconds=1)
    filters = {"source": source or "", "metric": lead.question}
    asked = [
        ("metric", lead.metric),
        ("days", "own"),
        ("since", f"{period.start.astimezone(zone):%Y-%m-%d}"),
        ("until", f"{last:%Y-%m-%d}"),
        *(pair for on, value in filters.items() if value for pair in _filter(on, value)),
    ]
    return f"{find_address('explorer-behind')}?{urlencode(asked)}"


def _filter(on: str, value: str) -> tuple[tuple[str, str], ...]:
    """A filter as the explorer's addresses write it."""
    return ("on", on), ("way", "is"), ("value", value)


def own_unit(units: Sequence[str] | frozenset[str] | None, parents: Mapping[str, str | None]) -> str | None:
    """The highest of the units that a reader sees; None where they see the whole company.

    >>> own_unit(frozenset({"shop", "north"}), {"shop": "north", "north": None, "south": None})
    'north'
    """
    if units is None:
        return None
    return next((key for key in sorted(units) if key in parents and parents[key] not in units), None)


peers = PARTS.register(PartKind(key="peers", title=_("Against our peers"), read=read_peers))
