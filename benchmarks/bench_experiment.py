"""A thousand metrics of three variants compared at once, beside gbstats, in CPU seconds."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line sets it

import statistics
import time

import numpy as np
from peers import ask, peer

from regard.analytics.experiments.chances import Chances, chances
from regard.analytics.experiments.comparisons import Compared, compare
from regard.analytics.experiments.moments import moments_of_sums
from regard.analytics.experiments.sample_ratio import sample_ratio
from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg

METRICS = 1_000
RUNS = 9
# It needs the packages of its time.
PEERS = ("gbstats==0.8.0", "numpy==1.26.4", "pandas==1.5.3", "scipy==1.17.1")
MADE = """
generator = np.random.default_rng(1)
users = generator.integers(9_500, 10_500, 3).astype(float)
means = generator.uniform(1, 50, (1_000, 1)) * generator.normal(1, 0.01, (1_000, 3))
spread = means * generator.uniform(0.5, 2, (1_000, 1))
sums = users * means
squares = (users - 1) * spread**2 + sums**2 / users
"""
PEER = (
    """
import json, time, warnings
import numpy as np
warnings.simplefilter("ignore")
from gbstats.gbstats import process_single_metric
from gbstats.models.settings import AnalysisSettingsForStatsEngine, MetricSettingsForStatsEngine
"""
    + MADE
    + """
names = ["a", "b", "c"]
def asked(engine):
    return AnalysisSettingsForStatsEngine(
        var_names=names, var_ids=names, weights=[1 / 3] * 3, stats_engine=engine, difference_type="absolute"
    )
def result(place, engine):
    rows = [
        {"dimension": "", "variation": name, "users": users[v], "count": users[v],
         "main_sum": sums[place, v], "main_sum_squares": squares[place, v]}
        for v, name in enumerate(names)
    ]
    metric = MetricSettingsForStatsEngine(
        id=str(place), name=str(place), statistic_type="mean", main_metric_type="count"
    )
    found = process_single_metric(rows=rows, metric=metric, analyses=[asked(engine)])
    return found.analyses[0].dimensions[0].variations[1:]
spent, told = [], []
for engine in ("frequentist", "bayesian"):
    began = time.process_time()
    told.append([result(place, engine) for place in range(1_000)])
    spent.append(time.process_time() - began)
print(json.dumps([
    *spent,
    [[(one.pValue, *one.ci) for one in row] for row in told[0]],
    [[one.chanceToWin for one in row] for row in told[1]],
]))
"""
)


def ours() -> tuple[float, float, Compared, Chances]:
    """CPU seconds for difference, interval, p, correction and sample ratio; the same with the chance to win; both."""
    made: dict[str, np.ndarray] = {}
    exec("import numpy as np" + MADE, made)
    plain, whole = [], []
    for _ in range(RUNS):
        began = time.process_time()
        sample_ratio(made["users"])
        moments = moments_of_sums(made["users"], made["sums"], made["squares"])
        compared = compare(moments[:, 1:], moments[:, :1])
        benjamini_hochberg(compared.p)
        plain.append(time.process_time() - began)
        believed = chances(compared.difference, compared.se)
        whole.append(time.process_time() - began)
    return statistics.median(plain), statistics.median(whole), compared, believed


def main() -> None:
    """Ask both, compare, print the table."""
    frequentist, bayesian, told, to_win = ask(peer(*PEERS), PEER)
    plain, whole, compared, believed = ours()
    expected = np.array(told)
    found = np.stack((compared.p, compared.low, compared.high), axis=-1)
    print(
        f"{METRICS:,} metrics of 3 variants from their sums, {3 * METRICS - METRICS:,} comparisons; CPU ms\n"
    )
    print("| | ms | times as fast |\n| --- | --- | --- |")
    print(f"| gbstats 0.8.0, p and interval | {1000 * frequentist:,.0f} | 1 |")
    print(
        f"| regard, p and interval, also of the share of the baseline, corrected | {1000 * plain:,.1f} | {frequentist / plain:,.0f} |"
    )
    print(f"| gbstats 0.8.0, chance to win and risk | {1000 * bayesian:,.0f} | 1 |")
    print(f"| regard, all of the above | {1000 * whole:,.1f} | {(frequentist + bayesian) / whole:,.0f} |")
    print(
        f"\nLargest difference from gbstats: p {np.abs(found - expected)[..., 0].max():.0e}, ends of intervals "
        f"{np.abs(found - expected)[..., 1:].max():.0e}, chance to win {np.abs(believed.chance_to_win - to_win).max():.0e}."
    )


if __name__ == "__main__":
    main()
