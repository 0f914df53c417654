"""Effects of a treatment on two hundred thousand customers beside statsmodels and the same sums by scikit-learn and scipy."""

from __future__ import annotations

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import numpy as np
import statsmodels.api as sm
from scipy.optimize import minimize
from sklearn.linear_model import LinearRegression, LogisticRegression
from timing import RUNS, spent

from regard.analytics.arrays import Floats
from regard.analytics.effects.given import Rows, rows_of
from regard.analytics.effects.regression import by_regression, design
from regard.analytics.effects.synthetic import mixture
from regard.analytics.effects.weighting import FOLDS, TRIM, cross_fitted
from regard.analytics.predicting.held_out import Whole, cut_folds
from regard.analytics.predicting.logistic import logistic

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "200000"))
CONFOUNDERS, SEED = 20, 6
DONORS, PERIODS = 40, 60


def made() -> Rows:
    """Customers of whom some are likelier to be treated, and would have spent more anyway; the effect is 2."""
    random = np.random.default_rng(SEED)
    known = random.normal(0, 1, (CUSTOMERS, CONFOUNDERS))
    treated = random.random(CUSTOMERS) < logistic(known @ random.normal(0, 0.2, CONFOUNDERS))
    spent_ = 2.0 * treated + known @ random.normal(0, 1, CONFOUNDERS) + random.normal(0, 5, CUSTOMERS)
    return rows_of(spent_, treated.astype(np.float64), known, [f"c{one}" for one in range(CONFOUNDERS)])


def by_scikit(rows: Rows, fold: Whole) -> tuple[float, float]:
    """The doubly robust effect and its error on the same folds, as one writes it with scikit-learn."""
    x, y, t = rows.confounders, rows.outcome, rows.treatment
    chance, sides = np.empty(len(y)), np.empty((2, len(y)))
    for one in range(FOLDS):
        out, rest = fold == one, fold != one
        chance[out] = LogisticRegression(C=10.0, tol=1e-8).fit(x[rest], t[rest]).predict_proba(x[out])[:, 1]
        for which in (0, 1):
            side = rest & (t == which)
            sides[which, out] = LinearRegression().fit(x[side], y[side]).predict(x[out])
    e = np.clip(chance, TRIM, 1 - TRIM)
    pull = sides[1] - sides[0] + t * (y - sides[1]) / e - (1 - t) * (y - sides[0]) / (1 - e)
    return float(pull.mean()), float(pull.std(ddof=1) / np.sqrt(len(y)))


def by_scipy(target: Floats, donors: Floats) -> Floats:
    """The mixture of donors as it is mostly found: by a general search with bounds."""
    found = minimize(
        lambda w: ((target - w @ donors) ** 2).sum(),
        np.full(len(donors), 1 / len(donors)),
        jac=lambda w: -2 * donors @ (target - w @ donors),
        bounds=[(0, 1)] * len(donors),
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": np.ones_like},
        method="SLSQP",
        options={"maxiter": 2000, "ftol": 1e-12},
    )
    return np.asarray(found.x)


def main() -> None:
    """Ask all, print the table."""
    rows = made()
    fold = cut_folds(rows.treatment, FOLDS, 2)
    ours = spent(lambda: by_regression(rows))
    theirs = spent(lambda: sm.OLS(rows.outcome, design(rows)).fit(cov_type="HC2").bse[1])
    robust, sk_robust = spent(lambda: cross_fitted(rows, fold)), spent(lambda: by_scikit(rows, fold))
    random = np.random.default_rng(SEED)
    donors = np.cumsum(random.normal(0, 1, (DONORS, PERIODS)), axis=1)
    target = random.dirichlet(np.full(DONORS, 0.2)) @ donors + random.normal(0, 0.3, PERIODS)
    mixed, searched = spent(lambda: mixture(target, donors)), spent(lambda: by_scipy(target, donors))
    told = (
        ("regression with HC2 errors", "statsmodels", theirs[0], ours[0], abs(ours[1][0].se - theirs[1])),
        ("doubly robust, five folds", "the same with scikit-learn", sk_robust[0], robust[0],
         np.abs(np.subtract(robust[1], sk_robust[1])).max()),
        (f"synthetic control of {DONORS} donors", "scipy's SLSQP", searched[0], mixed[0],
         np.abs(mixed[1] - searched[1]).max()),
    )  # fmt: skip
    print(
        f"{CUSTOMERS:,} made customers, {CONFOUNDERS} confounders; CPU seconds on one thread, the least of {RUNS} runs\n"
    )
    print(
        "| | beside | its seconds | regard | as fast | furthest apart |\n| --- | --- | --- | --- | --- | --- |"
    )
    for name, whose, seconds, own, apart in told:
        print(f"| {name} | {whose} | {seconds:.4f} | {own:.4f} | {seconds / own:.1f} × | {apart:.0e} |")
    value, error = robust[1]
    print(f"\nThe true effect is 2; doubly robust {value:.3f} ± {error:.3f}.")


if __name__ == "__main__":
    main()
