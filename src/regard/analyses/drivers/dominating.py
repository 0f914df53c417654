"""Which driver dominates which: in every set of the others, on average in sets of each size, or on average over all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from regard.analyses.telling import Beside, Sheet, number
from regard.analytics.arrays import Flags
from regard.analytics.drivers.dominance import Dominance, dominance
from regard.analytics.drivers.key_drivers import KeyDrivers
from regard.analytics.drivers.subsets import MOST_EXACT
from regard.kernel.errors import InvalidInput

METHOD = "dominance analysis over all sets of the others"
SOURCE = "Budescu (1993), Psychological Bulletin 114, 542-551; Azen and Budescu (2003), Psychological Methods 8, 129-148"
# So many sizes of sets stand in the table; the document has all.
MOST_SIZES = 6
NEAR = 1e-12


def dominance_beside(found: KeyDrivers) -> Beside:
    """The three kinds of dominance among the drivers found. Raises: InvalidInput where there are too many drivers."""
    if len(found.names) > MOST_EXACT:
        raise InvalidInput(
            f"Dominance looks at every set of drivers, which {len(found.names)} have too many of; it takes {MOST_EXACT} at "
            "most. Name fewer drivers, or leave --dominance out."
        )
    told = dominance(found.matrix)
    order = np.argsort(-told.general, kind="stable")
    winners = {
        "completely": told.complete >= 1 - NEAR,
        "conditionally": _in_each_size(told),
        "generally": told.general[:, None] > told.general[None, :] + NEAR,
    }
    entry = [
        {
            "driver": found.names[place],
            "general": told.general[place],
            "conditional": told.conditional[place],
            **{f"dominates_{how}": _names(found.names, order, wins[place]) for how, wins in winners.items()},
            "share_of_sets": {
                name: told.complete[place, other] for other, name in enumerate(found.names) if other != place
            },
        }
        for place in order
    ]
    return Beside("dominance", entry, _sheet(found.names, entry), f"dominance: {METHOD}", SOURCE)


def _in_each_size(told: Dominance) -> Flags:
    """Whether each driver adds more than each other to sets of every size, on average."""
    more = told.conditional[:, None, :] > told.conditional[None, :, :] + NEAR
    return np.asarray(more.all(axis=2), dtype=np.bool_)


def _names(names: Sequence[str], order: Any, wins: Flags) -> list[str]:
    return [names[other] for other in order if wins[other]]


def _sheet(names: Sequence[str], entry: Sequence[dict[str, Any]]) -> Sheet:
    sizes = len(names)
    chosen = range(sizes) if sizes <= MOST_SIZES else sorted({*range(MOST_SIZES - 1), sizes - 1})
    rows = [
        [
            one["driver"],
            number(one["general"], 4),
            *(number(one["conditional"][size], 4) for size in chosen),
            ", ".join(one["dominates_completely"]) or "–",
            ", ".join(
                name for name in one["dominates_conditionally"] if name not in one["dominates_completely"]
            )
            or "–",
        ]
        for one in entry
    ]
    heads = ["driver", "general", *(f"to {size}" if size else "alone" for size in chosen)]
    heads += ["dominates completely", "and in each size of set"]
    title = "Dominance: what each adds to sets of so many others, on average"
    return Sheet(heads, rows, title=title, numeric=range(1, len(heads) - 2))
