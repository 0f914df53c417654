"""One metric by one dimension, as dots with intervals: who stands out from chance, and who does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from regard.analytics.differences.part_of_whole import standings
from regard.apps.dashboards import words
from regard.apps.dashboards.headlines import leading
from regard.apps.dashboards.narrowing import MOST, n_groups
from regard.apps.dashboards.readings import Ask, Readings
from regard.apps.dashboards.tiles import Tile
from regard.apps.dashboards.windows import Window
from regard.webkit.comparisons import Comparison, Contender, make_comparison
from regard.webkit.measures import MEASURES

if TYPE_CHECKING:
    from regard.metrics.readings import Reading

MAX_ROWS = 12


@dataclass(frozen=True, slots=True)
class Beside:
    """A comparison with the name of what is compared.

    Args:
        is_own_open: whether only the reader's own row leads to its interactions.
    """

    title: str
    chart: Comparison
    n_hidden: int
    is_own_open: bool = False

    @property
    def hint(self) -> str:
        """What stands beside the heading."""
        return f"{self.title} · {_('95%% intervals') % ()}"


def lead_of(tiles: Sequence[Tile], wanted: Sequence[str]) -> Tile | None:
    """The metric that leads here; None where none has a figure."""
    return next(iter(leading(tiles, wanted)), None)


def read_beside(
    lead: Tile,
    dimension: str,
    window: Window,
    readings: Readings,
    titles: Mapping[str, str],
    *,
    where: str = "",
) -> Beside | None:
    """The lead metric by one dimension; None where there are not two to compare.

    Args:
        titles: what the values are called, where words do not know them.
        where: a condition that the lead itself was asked with, beside its question.
    """
    where = " AND ".join(part for part in (lead.condition, where) if part)
    result = readings.ask(Ask(lead.metric, window.period, by=(dimension,), where=where))
    kept = lead.total.group.get(result.apart)  # of several currencies or questions, the lead's
    found = [
        one for one in result.readings if one.group.get(dimension) and one.group.get(result.apart) == kept
    ]
    if len(found) < 2:
        return None
    whole = lead.estimate if result.apart else result.total.estimate
    sides = standings([reading.estimate for reading in found], whole)
    both = sorted(zip(found, sides, strict=True), key=lambda one: (one[1] == 0, -_n(one[0])))
    contenders = [_contender(one, side, dimension, titles, lead, window) for one, side in both[:MAX_ROWS]]
    chart = make_comparison(
        contenders,
        measure=MEASURES.get(str(result.unit)),
        better=lead.better,
        reference=whole.value if whole else None,
        currency=lead.currency,
    )
    return Beside(lead.title, chart, max(0, len(found) - MAX_ROWS))


def _contender(
    reading: Reading, side: int, dimension: str, titles: Mapping[str, str], lead: Tile, window: Window
) -> Contender:
    key = reading.group[dimension] or ""
    where = (*window.where, f"{dimension}={key}")
    return Contender(
        label=titles.get(key) or words.label_of(dimension, key),
        estimate=reading.estimate,
        reason="" if reading.estimate else words.reason_of(reading.reason),
        standing=side,
        href=lead.href(window, *where) if n_groups(where) <= MOST else "",
    )


def _n(reading: Reading) -> int:
    return reading.estimate.n if reading.estimate else 0
