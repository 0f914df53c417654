"""The picture of `topics`: what they do to the score, or how frequent they are."""

from __future__ import annotations

import math

from regard.analyses.pictures import Dot, dots
from regard.analyses.telling import number
from regard.analyses.topics.impact import impact_of, shares_of
from regard.analyses.topics.tally import Tally

# So many of the words that name a topic, and so many letters, fit beside its dot.
NAMED_BY, LONGEST = 2, 30


def draw(tally: Tally) -> str:
    """Topics with the difference of their score from that of all others; with their share where there is no score."""
    impact, shares, rows = impact_of(tally), shares_of(tally), []
    for at, full in enumerate(tally.names):
        name = fitting(full, int(tally.counts[at]))
        if impact is None:
            one = shares.at(at)
            ends = [None if end is None else 100 * end for end in (one.low, one.high)]
            rows.append(Dot(name, 100 * one.value, ends[0], ends[1], f"{one.value:.1%}"))
            continue
        value, low, high = (
            float(part[at])
            for part in (impact.found.apart.value, impact.found.apart.low, impact.found.apart.high)
        )
        if math.isfinite(low):
            told = float(impact.p_adjusted[at]) <= 0.05
            rows.append(Dot(name, value, low, high, number(value, 2), told))
    rows.sort(key=lambda one: -one.value)
    axis = "% of texts" if impact is None else "score against that of all other texts; grey: not told apart"
    return dots(f"What {tally.n:,} comments are about", axis, rows or [Dot("none", 0, None, None, "–")])


def fitting(name: str, n: int) -> str:
    """As many of a topic's words as stand whole beside its dot, the first at the least, with n.

    >>> fitting("hard inquiry, add hard, report", 24), fitting("account name, account number", 33)
    ('hard inquiry, add hard (24)', 'account name (33)')
    """
    words, last = name.split(", ")[:NAMED_BY], f" ({n:,})"
    while len(words) > 1 and len(", ".join(words) + last) > LONGEST:
        words.pop()
    return ", ".join(words) + last
