"""BG/NBD fitted to a million customers beside lifetimes, in CPU seconds; both from one array entry a customer."""

from __future__ import annotations

import os
import time

import numpy as np
from peers import ask, peer

from regard.analytics.arrays import Floats
from regard.analytics.buying.bg_nbd import fit_bg_nbd
from regard.analytics.buying.histories import group

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "1000000"))
WEEKS = 39
PEER = """
import json, sys, time
import numpy as np
import lifetimes
again, last, age = np.load(sys.argv[1])
began = time.process_time()
fitter = lifetimes.BetaGeoFitter().fit(again, last, age)
spent = time.process_time() - began
found = [float(one) for one in fitter.params_]
loss = fitter._negative_log_likelihood(np.log(found), again, last, age, np.ones(len(again)), 0)
print(json.dumps([spent, found, -float(loss) * len(again)]))
"""


def made(n: int) -> Floats:
    """Customers who buy and leave as the model says, with CDNOW's parameters: again, last, age in weeks of whole days.

    Returns: (3, n).
    """
    random = np.random.default_rng(4)
    age = random.integers(27 * 7, WEEKS * 7, n) / 7
    rate = random.gamma(0.243, 1 / 4.414, n)
    lives = random.geometric(np.clip(random.beta(0.793, 2.426, n), 1e-9, 1.0))
    again, last, now = np.zeros(n), np.zeros(n), np.zeros(n)
    open_ = np.arange(n)
    while len(open_):
        now[open_] += random.exponential(1 / np.maximum(rate[open_], 1e-12))
        open_ = open_[now[open_] <= age[open_]]
        again[open_] += 1
        last[open_] = np.ceil(now[open_] * 7) / 7
        open_ = open_[again[open_] < lives[open_]]
    return np.array([again, np.minimum(last, age), age])


def main() -> None:
    """Fit both, print the table."""
    import tempfile
    from pathlib import Path

    customers = made(CUSTOMERS)
    with tempfile.TemporaryDirectory(prefix="regard-bench-") as folder:
        path = Path(folder) / "customers.npy"
        np.save(path, customers)
        theirs, parameters, height = ask(
            peer("lifetimes==0.11.3", "numpy", "pandas", "scipy"), PEER, str(path)
        )
    fit_bg_nbd(group(*customers[:, :1000])[0])
    began = time.process_time()
    again, last, age = customers
    kinds, _ = group(again, np.rint(7 * last), np.rint(7 * age), per=7)
    grouped = time.process_time() - began
    model = fit_bg_nbd(kinds)
    ours = time.process_time() - began
    print(f"{CUSTOMERS:,} made customers, {len(kinds):,} kinds of histories; CPU seconds\n")
    print("| | seconds | log-likelihood | r, alpha, a, b |\n| --- | --- | --- | --- |")
    for title, spent, peak, found in (
        ("lifetimes 0.11.3", theirs, height, parameters),
        ("regard", ours, model.log_likelihood, (model.r, model.alpha, model.a, model.b)),
    ):
        print(f"| {title} | {spent:.2f} | {peak:,.3f} | {', '.join(f'{one:.4f}' for one in found)} |")
    print(f"\n{theirs / ours:.0f} times as fast, of which grouping equal histories took {grouped:.2f} s.")


if __name__ == "__main__":
    main()
