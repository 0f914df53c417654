"""Do some of several groups wait longer than others?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import divide, floats
from regard.analytics.times.kaplan_meier import SurvivalCurves

SOURCE = "Mantel (1966), Cancer Chemotherapy Reports 50, 163-170; Peto & Peto (1972), J. R. Statist. Soc. A 135, 185-207"


@dataclass(frozen=True, slots=True)
class LogRank:
    """A chi-squared with its degrees of freedom, and the chance of one as large if all groups are alike."""

    chi2: float
    df: int
    p: float


def log_rank_among(curves: SurvivalCurves) -> LogRank:
    """Whether the groups of `curves` can be told apart, by the log-rank test of all at once.

    Not a number where there is nothing to compare. It takes every waiting time as another customer's.

    Source: Mantel (1966), Cancer Chemotherapy Reports 50, 163-170; Klein and Moeschberger (2003), section 7.3.
    """
    from scipy.special import chdtrc

    times, row = np.unique(curves.time, return_inverse=True)
    shape = (curves.n_groups, len(times))
    ended, leaving = np.zeros(shape), np.zeros(shape)
    ended[curves.group, row] = curves.events
    leaving[curves.group, row] = curves.events + curves.censored
    at_risk = curves.n[:, None] - np.cumsum(leaving, axis=1) + leaving
    all_ended, all_risk = ended.sum(axis=0), at_risk.sum(axis=0)
    share = divide(at_risk, all_risk)
    surplus = (ended - all_ended * share).sum(axis=1)
    spread = floats(all_ended * divide(all_risk - all_ended, np.maximum(all_risk - 1, 1)))
    variance = np.diag((share * spread).sum(axis=1)) - (share * spread) @ share.T
    df = int(np.linalg.matrix_rank(variance))
    if not df:
        return LogRank(np.nan, 0, np.nan)
    value = float(surplus @ np.linalg.pinv(variance, hermitian=True) @ surplus)
    return LogRank(value, df, float(chdtrc(df, value)))
