"""The people of a unit: each figure shrunk towards the team, so that nobody leads or trails it by small numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from regard.analytics.differences.part_of_whole import standard_error, standings
from regard.apps.dashboards import words
from regard.apps.dashboards.comparing import lead_of
from regard.apps.dashboards.home import PARTS, Context, PartKind
from regard.apps.dashboards.readings import Ask
from regard.apps.dashboards.tiles import Tile
from regard.kernel.estimates import Estimate
from regard.webkit import formats
from regard.webkit.comparisons import Comparison, Contender, make_comparison
from regard.webkit.figures import interval_text
from regard.webkit.measures import MEASURES

if TYPE_CHECKING:
    from regard.metrics.readings import Reading

MOST = 12
# Where figures of each unit end.
BOUNDS = {"fraction": (0.0, 1.0), "points": (-100.0, 100.0), "seconds": (0.0, math.inf)}


@dataclass(frozen=True, slots=True)
class Observed:
    """One person's figure as it was observed."""

    label: str
    value: str
    interval: str
    n: str
    own_share: str


@dataclass(frozen=True, slots=True)
class Team:
    """The people beside each other.

    Args:
        above, below: who differs from the rest by more than chance, for the better and for the worse.
        is_shrunk: False where they are too few to be shrunk.
    """

    hint: str
    chart: Comparison
    observed: tuple[Observed, ...]
    above: tuple[str, ...]
    below: tuple[str, ...]
    is_shrunk: bool
    n_hidden: int


def read_team(context: Context) -> Team | None:
    """None where there are not two people with answers."""
    lead = lead_of(context.tiles, context.lead)
    if lead is None:
        return None
    result = context.readings.ask(
        Ask(lead.metric, context.window.period, by=("agent",), where=lead.condition)
    )
    found = [reading for reading in result.readings if reading.group.get("agent")]
    if sum(reading.estimate is not None for reading in found) < 2:
        return None
    sides = standings([reading.estimate for reading in found], result.total.estimate)
    shrunken, own = _shrunken(found, str(result.unit))
    order = sorted(range(len(found)), key=lambda i: (sides[i] == 0, -_n(found[i])))[:MOST]
    measure = MEASURES.get(str(result.unit))
    whole = result.total.estimate
    chart = make_comparison(
        [
            Contender(
                _label(found[i]),
                shrunken[i],
                "" if shrunken[i] else words.reason_of(found[i].reason),
                sides[i],
                href=_behind(found[i], lead, context),
            )
            for i in order
        ],
        measure=measure,
        better=lead.better,
        reference=whole.value if whole else None,
    )
    good = [_label(found[i]) for i in order if sides[i] * lead.better > 0]
    bad = [_label(found[i]) for i in order if sides[i] * lead.better < 0]
    return Team(
        hint=_now("%(title)s, shrunk towards the team") % {"title": lead.title},
        chart=chart,
        observed=tuple(_observed(found[i], own[i], lead) for i in order),
        above=tuple(good),
        below=tuple(bad),
        is_shrunk=any(not math.isnan(share) and share < 1 for share in own),
        n_hidden=max(0, len(found) - MOST),
    )


def say_team(team: Team) -> SafeString:
    """Whose customers are happier than chance explains: worth asking how."""
    if not team.above:
        return SafeString("")
    names = format_html("<b>{}</b>", ", ".join(team.above[:3]))
    return format_html(
        _now("{names}: customers are happier there than chance explains; worth asking how."), names=names
    )


def _shrunken(found: Sequence[Reading], unit: str) -> tuple[list[Estimate | None], list[float]]:
    """Each person's figure drawn towards the team's mean, and how much of it is their own.

    Standard errors are read off the 95% intervals.
    """
    from regard.analytics.shrinkage.towards_mean import shrink

    known = [reading.estimate for reading in found]
    values = [one.value if one else math.nan for one in known]
    result = shrink(
        values,
        [standard_error(one) for one in known],
        n=[one.n if one else math.nan for one in known],
        bounds=BOUNDS.get(unit, (-math.inf, math.inf)),
    )
    shown: list[Estimate | None] = []
    for i, one in enumerate(known):
        has = one is not None and not math.isnan(float(result.figures.value[i]))
        shown.append(result.figures.at(i) if has else None)
    return shown, [float(share) for share in result.own_share]


def _observed(reading: Reading, own: float, lead: Tile) -> Observed:
    measure = MEASURES.get(str(lead.result.unit))
    one = reading.estimate
    return Observed(
        label=_label(reading),
        value=measure.value(one.value) if one else "",
        interval=interval_text(one, measure) if one else words.reason_of(reading.reason),
        n=formats.number(one.n) if one else "",
        own_share=formats.percent(own, 0) if not math.isnan(own) else "",
    )


def _behind(reading: Reading, lead: Tile, context: Context) -> str:
    """Where the answers stand that a person's figure is made of; empty for who may not read them."""
    if not context.sight.reads_answers:
        return ""
    return lead.href(context.window, f"agent={_label(reading)}")


def _label(reading: Reading) -> str:
    return reading.group["agent"] or ""


def _n(reading: Reading) -> int:
    return reading.estimate.n if reading.estimate else 0


team = PARTS.register(PartKind(key="team", title=_("People"), read=read_team, say=say_team))
