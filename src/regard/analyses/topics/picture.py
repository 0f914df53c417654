"""The picture of `topics`: what they do to the score, or how frequent they are."""

from __future__ import annotations

import math

from regard.analyses.pictures import LETTER, Dot, dots, shortened
from regard.analyses.telling import number
from regard.analyses.topics.impact import impact_of
from regard.analyses.topics.tally import Tally
from regard.analytics.shares.wilson import share

# So many of the words that name a topic fit beside its dot.
NAMED_BY, LONGEST = 2, 19 * LETTER


def draw(tally: Tally) -> str:
    """Topics with the difference of their score from that of all others; with their share where there is no score."""
    impact, rows = impact_of(tally), []
    for at, full in enumerate(tally.names):
        name, n = shortened(", ".join(full.split(", ")[:NAMED_BY]), LONGEST), int(tally.counts[at])
        if impact is None:
            one = share(n, tally.n)
            ends = (100 * (one.low or 0.0), 100 * (one.high or 0.0))
            rows.append(Dot(f"{name} ({n:,})", 100 * one.value, *ends, f"{one.value:.1%}"))
            continue
        value, low, high = (
            float(part[at]) for part in (impact.apart.value, impact.apart.low, impact.apart.high)
        )
        if math.isfinite(low):
            told = float(impact.p_adjusted[at]) <= 0.05
            rows.append(Dot(f"{name} ({n:,})", value, low, high, number(value, 2), told))
    rows.sort(key=lambda one: -one.value)
    axis = "% of texts" if impact is None else "score against that of all other texts; grey: not told apart"
    return dots(f"What {tally.n:,} comments are about", axis, rows or [Dot("none", 0, None, None, "–")])
