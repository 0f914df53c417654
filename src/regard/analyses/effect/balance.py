"""How alike the treated and the untreated are, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regard.analyses.telling import Sheet, number
from regard.analytics.arrays import Floats
from regard.analytics.effects.given import Rows
from regard.analytics.effects.matching import Matched
from regard.analytics.effects.overlap import BALANCED, Overlap, standardised_differences
from regard.analytics.effects.weighting import weights


def overlap_told(near: Overlap) -> dict[str, Any]:
    """What programs read of the chance of treatment."""
    return {
        "lowest_chance": near.low,
        "highest_chance": near.high,
        "extreme_share": near.extreme,
        "effective_treated": near.effective[0],
        "effective_untreated": near.effective[1],
    }


def balance_of(rows: Rows, near: Overlap, matched: Matched, target: str) -> list[dict[str, Any]]:
    """Of each confounder, how far the sides lie apart as they are, weighted and matched."""
    sides: list[tuple[Floats, Floats]] = [
        (rows.treatment, 1 - rows.treatment),
        weights(rows.treatment, near.chance, target),
        (rows.treatment, matched.weights),
    ]
    before, weighted, after = (standardised_differences(rows, *side) for side in sides)
    return [
        {"confounder": name, "before": before[at], "weighted": weighted[at], "matched": after[at]}
        for at, name in enumerate(rows.names)
    ]


def balance_sheet(balance: Sequence[dict[str, Any]]) -> Sheet:
    """The same for people."""
    rows = [
        [one["confounder"], *(number(one[key], 3) for key in ("before", "weighted", "matched"))]
        for one in balance
    ]
    title = f"How far the two sides lie apart, in standard deviations (below {BALANCED} is alike)"
    return Sheet(["confounder", "as they are", "weighted", "matched"], rows, title=title, numeric=(1, 2, 3))
