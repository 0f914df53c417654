"""The shares of negative, neutral and positive texts and their mean score, those of one customer counted together where asked."""

from __future__ import annotations

from typing import Any

import numpy as np

from regard.analyses.sentiment.tally import Tally
from regard.analytics.arrays import EstimateArrays, Floats, floats
from regard.analytics.means.mean import mean_arrays
from regard.analytics.ratios.linearised import SOURCE as LINEARISED
from regard.analytics.ratios.linearised import ratio_arrays
from regard.analytics.shares import clustered
from regard.analytics.shares.clustered import share_clustered_arrays
from regard.analytics.shares.wilson import SOURCE as WILSON
from regard.analytics.shares.wilson import share
from regard.analytics.words.models import CLASSES
from regard.kernel.estimates import Estimate

EACH = "each text as one of its own"
TOGETHER = "the texts of one customer together in shares and score, elsewhere each as one of its own"


def telling_of(tally: Tally) -> tuple[str, str]:
    """How the intervals are told, and its source."""
    is_each = tally.owners is None
    told = f"intervals: Wilson for shares, t for means; they take verdicts as true, and {EACH if is_each else TOGETHER}"
    return told, WILSON if is_each else f"{WILSON}; {clustered.SOURCE}; {LINEARISED}"


def shares(tally: Tally, language: str | None = None) -> list[Estimate | None]:
    """The share of each of `CLASSES` among the texts told, of one language or of all; None where none is told."""
    counts = tally.total if language is None else tally.verdicts[language]
    n = int(counts[:3].sum())
    if not n:
        return [None] * len(CLASSES)
    if tally.owners is None:
        return [share(int(one), n) for one in counts[:3]]
    owner, verdict, _ = _told(tally, language)
    hits = floats([np.bincount(owner, verdict == at) for at in range(len(CLASSES))])
    found = share_clustered_arrays(*_sums(owner, hits))
    return [found.at(at) for at in range(len(CLASSES))]


def mean_score(tally: Tally, language: str | None = None) -> Estimate | None:
    """The mean score of the texts told; None where none is."""
    sums = tally.score if language is None else tally.scores.get(language)
    if sums is None or not sums[0]:
        return None
    if tally.owners is None:
        return one_of(mean_arrays([sums[0]], [sums[1]], [sums[2]], bounds=(-1.0, 1.0)), 0)
    owner, _, score = _told(tally, language)
    return one_of(ratio_arrays(*_sums(owner, floats(np.bincount(owner, score))[None]), bounds=(-1.0, 1.0)), 0)


def one_of(arrays: EstimateArrays, at: int) -> Estimate:
    """One of some figures."""
    return Estimate(float(arrays.value[at]), float(arrays.low[at]), float(arrays.high[at]), int(arrays.n[at]))


def _told(tally: Tally, language: str | None) -> tuple[Any, Any, Any]:
    """Whose each text is that has a verdict, from 0; the verdict and the score."""
    assert tally.owners is not None
    spoken, verdict, score = (np.concatenate(column) for column in zip(*tally.rows, strict=True))
    chosen = verdict >= 0 if language is None else (verdict >= 0) & (spoken == language)
    owner = np.unique(tally.owners[: len(chosen)][chosen], return_inverse=True)[1]
    return owner, verdict[chosen], score[chosen]


def _sums(owner: Any, above: Floats) -> tuple[Any, ...]:
    """Customers, texts, and the totals that the spread over customers is told from; `above` is (figures, customers)."""
    texts = np.bincount(owner).astype(np.float64)
    squares = ((texts**2).sum(), (above**2).sum(axis=1), (above * texts).sum(axis=1))
    return len(texts), texts.sum(), above.sum(axis=1), *squares
