"""Shares and means of what was told of texts, those of one customer counted together where asked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.sentiment.tally import Tally, knows_emotions
from regard.analytics.arrays import EstimateArrays
from regard.analytics.means.mean import mean_arrays
from regard.analytics.ratios.linearised import SOURCE as LINEARISED
from regard.analytics.ratios.linearised import ratio_arrays
from regard.analytics.ratios.summed import sums_by_customer
from regard.analytics.shares import clustered
from regard.analytics.shares.clustered import share_clustered_arrays
from regard.analytics.shares.wilson import SOURCE as WILSON
from regard.analytics.shares.wilson import share_arrays
from regard.analytics.words.models import CLASSES, EMOTIONS
from regard.kernel.estimates import Estimate

EACH = "each text as one of its own"
TOGETHER = "the texts of one customer together"


def telling_of(tally: Tally) -> tuple[str, str]:
    """How the intervals are told, and its source."""
    is_each = tally.owners is None
    told = f"intervals: Wilson for shares, t for means; they take verdicts as true, and {EACH if is_each else TOGETHER}"
    return told, WILSON if is_each else f"{WILSON}; {clustered.SOURCE}; {LINEARISED}"


def shares(tally: Tally, language: str | None = None) -> list[Estimate | None]:
    """The share of each of `CLASSES` among the texts told, of one language or of all; None where none is told."""
    counts = tally.total if language is None else tally.verdicts[language]
    if tally.owners is None:
        return _shares(counts[:3], int(counts[:3].sum()))
    rows = tally.rows
    told = (rows.verdict >= 0) & ((rows.language == language) | (language is None))
    verdict = rows.verdict[told]
    return _shares_together(tally.owners[: len(told)][told], [verdict == at for at in range(len(CLASSES))])


def mean_score(tally: Tally, language: str | None = None) -> Estimate | None:
    """The mean score of the texts told; None where none is."""
    sums = tally.score if language is None else tally.scores.get(language, np.zeros(3))
    if tally.owners is None:
        return _mean(sums)
    rows = tally.rows
    told = (rows.verdict >= 0) & ((rows.language == language) | (language is None))
    return _mean_together(tally.owners[: len(told)][told], rows.score[told])


def emotion_shares(tally: Tally) -> list[Estimate | None]:
    """The share of each of `EMOTIONS` among the texts of which it could be told; None where there are none."""
    if tally.owners is None:
        counts = np.sum(list(tally.emotions.values()), axis=0)
        return _shares(counts[:-1], int(counts[-1]))
    told = np.isin(tally.rows.language, [one for one in tally.emotions if knows_emotions(one)])
    has = np.unpackbits(tally.rows.emotions[told, None], axis=1, count=len(EMOTIONS)).T
    return _shares_together(tally.owners[: len(told)][told], has)


def effort_of(tally: Tally) -> tuple[Estimate | None, Estimate | None]:
    """The mean effort of those that speak of it, and the share for whom it was hard; None where nobody does."""
    if tally.owners is None:
        n, total, squares, hard = tally.effort
        return _mean([n, total, squares]), _shares([hard], int(n))[0]
    effort = tally.rows.effort
    told = np.isfinite(effort)
    owner, effort = tally.owners[: len(told)][told], effort[told]
    return _mean_together(owner, effort), _shares_together(owner, [effort > 0])[0]


def one_of(arrays: EstimateArrays, at: int) -> Estimate:
    """One of some figures."""
    return Estimate(float(arrays.value[at]), float(arrays.low[at]), float(arrays.high[at]), int(arrays.n[at]))


def _shares(counts: Any, n: int) -> list[Estimate | None]:
    found = share_arrays(counts, n)
    return [found.at(at) if n else None for at in range(len(counts))]


def _shares_together(owner: NDArray[np.int64], hits: Any) -> list[Estimate | None]:
    found = share_clustered_arrays(*sums_by_customer(owner, hits))
    return [found.at((at, 0)) if len(owner) else None for at in range(len(hits))]


def _mean(sums: Any) -> Estimate | None:
    """The mean from n, sum and sum of squares; None without any."""
    return one_of(mean_arrays(*([one] for one in sums), bounds=(-1.0, 1.0)), 0) if sums[0] else None


def _mean_together(owner: NDArray[np.int64], values: Any) -> Estimate | None:
    found = ratio_arrays(*sums_by_customer(owner, [values]), bounds=(-1.0, 1.0))
    return one_of(found[0], 0) if len(owner) else None
