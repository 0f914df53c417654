"""Chances, AUC and lasting learnt from a hundred thousand customers beside scikit-learn, lifelines and DeLong's own sums."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import numpy as np
from peers import ask, peer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from timing import RUNS, spent

from regard.analytics.arrays import Floats
from regard.analytics.predicting.judging import auc_estimate
from regard.analytics.predicting.logistic import fit_logistic, logistic
from regard.analytics.times.cox import cox_model

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "100000"))
COLUMNS, COX_COLUMNS, SEED = 30, 5, 6
PEER = """
import json, sys, time
import numpy as np
import pandas
from lifelines import CoxPHFitter
given = np.load(sys.argv[1])
table = pandas.DataFrame(given)
names = list(table.columns)
began = time.process_time()
fitted = CoxPHFitter().fit(table, duration_col=names[-2], event_col=names[-1])
print(json.dumps([time.process_time() - began, fitted.params_.tolist()]))
"""


def made() -> tuple[Floats, Floats, Floats, Floats]:
    """What is known of each customer, who left, how long each was seen, and whether to the end."""
    random = np.random.default_rng(SEED)
    known = random.normal(0, 1, (CUSTOMERS, COLUMNS))
    slopes = random.normal(0, 0.3, COLUMNS)
    left = random.random(CUSTOMERS) < logistic(known @ slopes - 1)
    lasting = random.exponential(20 * np.exp(-0.5 * known[:, :COX_COLUMNS] @ slopes[:COX_COLUMNS]))
    seen = random.uniform(0, 40, CUSTOMERS)
    whole_days = np.ceil(np.minimum(lasting, seen) * 30)
    return known, left.astype(np.float64), whole_days, (lasting <= seen).astype(np.float64)


def by_lifelines(known: Floats, days: Floats, ended: Floats) -> tuple[float, Floats]:
    """CPU seconds of its Cox model, and the coefficients."""
    with tempfile.TemporaryDirectory(prefix="regard-bench-") as folder:
        path = Path(folder) / "rows.npy"
        np.save(path, np.column_stack((known[:, :COX_COLUMNS], days, ended)))
        seconds, found = ask(peer("lifelines==0.30.0", "numpy", "pandas"), PEER, str(path))
    return seconds, np.array(found)


def main() -> None:
    """Fit all, print the table."""
    known, left, days, ended = made()
    theirs = LogisticRegression(C=1.0, tol=1e-8, max_iter=1000)
    lines = spent(lambda: fit_logistic(known, left, ridge=1.0))
    sk_lines = spent(lambda: theirs.fit(known, left))
    chance = lines[1].chance(known)
    area, sk_area = spent(lambda: auc_estimate(chance, left)), spent(lambda: roc_auc_score(left, chance))
    cox = spent(lambda: cox_model(known[:, :COX_COLUMNS], days, ended))
    seconds, ratios = by_lifelines(known, days, ended)
    rows = (
        (f"logistic regression, {COLUMNS} columns", "scikit-learn", sk_lines[0], lines[0],
         np.abs(lines[1].slopes - theirs.coef_[0]).max()),
        ("AUC; here with its interval", "scikit-learn", sk_area[0], area[0], abs(area[1][0] - sk_area[1])),
        (f"Cox, {COX_COLUMNS} columns, with the test of its assumption", "lifelines 0.30.0", seconds, cox[0],
         np.abs(cox[1].coefficients - ratios).max()),
    )  # fmt: skip
    print(f"{CUSTOMERS:,} made customers; CPU seconds on one thread, the least of {RUNS} runs here\n")
    print(
        "| | beside | its seconds | regard | as fast | furthest apart |\n| --- | --- | --- | --- | --- | --- |"
    )
    for name, whose, their, our, apart in rows:
        print(f"| {name} | {whose} | {their:.3f} | {our:.3f} | {their / our:.1f} × | {apart:.0e} |")


if __name__ == "__main__":
    main()
