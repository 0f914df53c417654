"""How many write about a topic, and what the score is there against where it is not written about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from regard.analyses.topics.tally import Tally
from regard.analytics.arrays import EstimateArrays, Floats
from regard.analytics.differences import against_rest as sides
from regard.analytics.differences.against_rest import AgainstRest, against_rest
from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg
from regard.analytics.ratios.summed import sums_by_customer
from regard.analytics.shares import clustered
from regard.analytics.shares.clustered import share_clustered_arrays
from regard.analytics.shares.wilson import SOURCE as WILSON
from regard.analytics.shares.wilson import share_arrays


@dataclass(frozen=True, slots=True, eq=False)
class Impact:
    """Array entries are topics."""

    METHOD: ClassVar[str] = (
        "score: mean of each topic's texts less that of all others (Welch), p corrected over topics (Benjamini-Hochberg); impact: that "
        "times the topic's share; an association"
    )
    SOURCE: ClassVar[str] = f"{sides.SOURCE}; Benjamini & Hochberg (1995), JRSS B 57, 289-300"

    found: AgainstRest
    p_adjusted: Floats

    def entry(self, at: int) -> dict[str, float]:
        """What programs read of one topic."""
        entry: dict[str, float] = {"n_scored": int(self.found.score.n[at])}
        parts = (("score", self.found.score), ("difference", self.found.apart), ("impact", self.found.pull))
        for name, one in parts:
            entry |= {
                name: float(one.value[at]), f"{name}_low": float(one.low[at]), f"{name}_high": float(one.high[at])
            }  # fmt: skip
        return entry | {"p_adjusted": float(self.p_adjusted[at])}


def impact_of(tally: Tally) -> Impact | None:
    """The impact of each topic; None where nobody asked."""
    score, owners = tally.asides.score, tally.asides.owners
    if score is None:
        return None
    known = np.isfinite(score)
    clusters = None if owners is None else np.unique(owners[known], return_inverse=True)[1].astype(np.int64)
    found = against_rest(tally.topic[known], score[known], tally.n_topics, clusters=clusters)
    return Impact(found, benjamini_hochberg(found.apart.p))


def shares_of(tally: Tally) -> EstimateArrays:
    """The share of texts that each topic has, and last that of all topics together.

    Texts of one customer hang together where `--cluster` names customers.
    """
    owners, k = tally.asides.owners, tally.n_topics
    told = tally.counts[:k]
    if owners is None:
        return share_arrays([*told, told.sum()], tally.n)
    hits = [tally.topic == at for at in range(k)] + [tally.topic < k]
    return share_clustered_arrays(*sums_by_customer(owners, hits))[:, 0]


def telling_of(tally: Tally) -> tuple[str, str]:
    """By which method the shares are told, and its source."""
    if tally.asides.owners is None:
        return "intervals: Wilson", WILSON
    told = "intervals: Wilson on the effective number of texts, those of one customer counted together"
    return told, clustered.SOURCE
