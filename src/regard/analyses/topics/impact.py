"""What the score is where a topic is written about, against where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from regard.analyses.topics.tally import Tally
from regard.analytics.arrays import DifferenceArrays, EstimateArrays, Floats, divide, floats
from regard.analytics.differences.independent import welch
from regard.analytics.means.mean import mean_arrays
from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg


@dataclass(frozen=True, slots=True, eq=False)
class Impact:
    """Array entries are topics.

    Args:
        score: the mean score of its texts. apart: that less the mean of all other texts. pull: by how much the mean of all texts
            would change without it, the other way round.
    """

    METHOD: ClassVar[str] = (
        "score: mean of each topic's texts less that of all others (Welch), p corrected over topics (Benjamini-Hochberg); an association"
    )
    SOURCE: ClassVar[str] = (
        "Welch (1947), Biometrika 34, 28-35; Benjamini & Hochberg (1995), JRSS B 57, 289-300"
    )

    score: EstimateArrays
    apart: DifferenceArrays
    p_adjusted: Floats
    share: Floats

    def entry(self, at: int) -> dict[str, float]:
        """What programs read of one topic."""
        part = float(self.share[at])
        return {
            "n_scored": int(self.score.n[at]),
            "score": float(self.score.value[at]),
            "score_low": float(self.score.low[at]),
            "score_high": float(self.score.high[at]),
            "difference": float(self.apart.value[at]),
            "difference_low": float(self.apart.low[at]),
            "difference_high": float(self.apart.high[at]),
            "p_adjusted": float(self.p_adjusted[at]),
            "impact": part * float(self.apart.value[at]),
            "impact_low": part * float(self.apart.low[at]),
            "impact_high": part * float(self.apart.high[at]),
        }


def impact_of(tally: Tally) -> Impact | None:
    """The impact of each topic; None where nobody asked."""
    if tally.asides.score is None:
        return None
    total = tally.scored.sum(axis=0)
    mine = tally.scored[:-1]
    rest = total - mine
    score = mean_arrays(*(floats(column) for column in mine.T))
    apart = welch(score, mean_arrays(*(floats(column) for column in rest.T)))
    return Impact(score, apart, benjamini_hochberg(apart.p), divide(mine[:, 0], total[0]))
