"""Which sources a reader may choose between, and what holds for the choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regard.apps.dashboards.queries import Extent, extent_of
from regard.apps.intake.queries import SourceRow


@dataclass(frozen=True, slots=True)
class Held:
    """What the log holds for this reader, of the source they chose or of all.

    Args:
        choices: the sources to choose between; none where there are not two.
        source: the key of the chosen one, None for all.
        extent: how much there is of it, and from when to when.
        is_made_up: whether any of it is made up.
    """

    choices: tuple[SourceRow, ...]
    source: str | None
    extent: Extent
    is_made_up: bool


def choose_source(extents: Mapping[str, Extent], sources: Sequence[SourceRow], wanted: str) -> Held:
    """What a page looks at, where the address says `wanted`; what cannot be chosen counts as not given.

    Args:
        extents: what the reader may see of each source that has data.
        sources: the sources that are known.
    """
    present = [row for row in sources if row.key in extents]
    choices = tuple(present) if len(present) > 1 else ()
    source = next((row.key for row in choices if row.key == wanted), None)
    return Held(
        choices=choices,
        source=source,
        extent=extent_of(extents.values()) if source is None else extents[source],
        is_made_up=any(row.is_made_up for row in present if source in (None, row.key)),
    )
