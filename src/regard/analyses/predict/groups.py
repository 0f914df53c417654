"""Whether groups of customers stay equally long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.telling import Sheet, between, chance, number
from regard.analytics.arrays import Floats
from regard.analytics.times.among_groups import LogRank
from regard.analytics.times.cox import CoxModel, cox_model
from regard.kernel.errors import InvalidInput, NotEnoughData

MOST_GROUPS = 12
REAL = 0.05


def groups_of(
    group: NDArray[np.object_], known: NDArray[np.bool_], name: str
) -> tuple[list[str], NDArray[np.int64]]:
    """The groups, the largest first, and the place of each row's; -1 where it has none."""
    named = np.array([one is not None for one in group]) & known
    levels, codes, counts = np.unique(group[named].astype(str), return_inverse=True, return_counts=True)
    if not 2 <= len(levels) <= MOST_GROUPS:
        raise InvalidInput(
            f"The column '{name}' has {len(levels):,} groups; from 2 to {MOST_GROUPS} can be compared. Choose another, or put groups together."
        )
    order = np.argsort(-counts, kind="stable")
    place = np.empty(len(levels), dtype=np.int64)
    place[order] = np.arange(len(levels))
    found = np.full(len(group), -1, dtype=np.int64)
    found[named] = place[codes]
    return [str(levels[at]) for at in order], found


def against_largest(
    codes: NDArray[np.int64], time: Floats, left: NDArray[np.bool_], n_groups: int
) -> CoxModel | None:
    """Each group against the largest; None where one of them has nobody who left."""
    try:
        return cox_model(codes[:, None] == np.arange(1, n_groups)[None, :], time, left)
    except NotEnoughData:
        return None


def hazards(names: Sequence[str], model: CoxModel | None) -> list[dict[str, Any]]:
    """What programs read of each group's hazard ratio."""
    if model is None:
        return []
    return [
        {
            "group": name,
            "reference": names[0],
            "hazard_ratio": model.hazard_ratios[at],
            "low": model.low[at],
            "high": model.high[at],
            "p": model.p[at],
            "proportional_p": model.proportional_p[at],
        }
        for at, name in enumerate(names[1:])
    ]


def compared(names: Sequence[str], rank: LogRank, model: CoxModel | None, by: str) -> str:
    """Whether the groups differ, and which differs most."""
    if not rank.p <= REAL:
        return f"The groups of '{by}' are not told apart (log-rank p {chance(rank.p)})."
    said = f"The groups of '{by}' differ (log-rank p {chance(rank.p)})"
    if model is None:
        return said + "."
    far = int(np.argmax(np.abs(model.coefficients)))
    return said + (
        f": '{names[far + 1]}' leaves {number(model.hazard_ratios[far], 2)} times as fast as '{names[0]}' "
        f"({between(model.low[far], model.high[far], 2)})."
    )


def hazard_sheet(found: Sequence[dict[str, Any]], by: str) -> Sheet:
    """The hazard ratios for people."""
    rows = [
        [one["group"], one["reference"], number(one["hazard_ratio"], 3), between(one["low"], one["high"], 3), chance(one["p"]), chance(one["proportional_p"])]
        for one in found
    ]  # fmt: skip
    heads = [by, "against", "leaves so many times as fast", "95% interval", "p", "p of a ratio that lasts"]
    return Sheet(heads, rows, title="Cox", numeric=(2, 3, 4, 5))
