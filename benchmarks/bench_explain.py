"""What explains a change among a million answers, beside the least that a search must do: counting all slices in DuckDB."""

from __future__ import annotations

import os
from itertools import combinations

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import duckdb
import numpy as np
import ruptures
from timing import RUNS, spent

from regard.analytics.arrays import Floats
from regard.analytics.changes.change_points import pelt
from regard.analytics.changes.given import Answers, Dimension
from regard.analytics.changes.mix_and_rate import split
from regard.analytics.changes.slices import find_slices

ANSWERS = int(os.environ.get("BENCH_ANSWERS", "1000000"))
GROUPS = (12, 8, 6, 5, 4, 3)
DAYS, PENALTY, SEED = 2_000, 25.0, 6


def made() -> tuple[Answers, list[Dimension]]:
    """Answers of two periods with six columns; those with the first values of two columns fell, all else is chance."""
    random = np.random.default_rng(SEED)
    codes = [random.integers(0, n, ANSWERS) for n in GROUPS]
    is_after = random.random(ANSWERS) < 0.5
    fell = is_after & (codes[0] == 0) & (codes[1] == 0)
    scores = random.choice([-100.0, 0.0, 100.0], ANSWERS, p=(0.2, 0.3, 0.5))
    scores[fell] = random.choice([-100.0, 0.0, 100.0], int(fell.sum()), p=(0.4, 0.3, 0.3))
    columns = [
        Dimension(f"c{place}", one, [f"v{value}" for value in range(n)])
        for place, (one, n) in enumerate(zip(codes, GROUPS, strict=True))
    ]
    return Answers(scores, is_after), columns


def counted(connection: duckdb.DuckDBPyConnection, most: int) -> int:
    """How many slices of up to `most` conditions there are, each with its answers and sums of both periods."""
    names = [f"c{place}" for place in range(len(GROUPS))]
    sets = [one for size in range(1, most + 1) for one in combinations(names, size)]
    listed = ", ".join(f"({', '.join(one)}, after)" for one in sets)
    rows = connection.execute(
        f"SELECT {', '.join(names)}, after, count(*), sum(score) FROM given GROUP BY GROUPING SETS ({listed})"
    ).fetchnumpy()
    return len(rows["after"]) // 2


def main() -> None:
    """Search, count, print the table."""
    answers, columns = made()
    first = columns[0]
    with duckdb.connect() as connection:
        connection.register(
            "made", {**{one.name: one.codes for one in columns}, "after": answers.is_after, "score": answers.scores}
        )  # fmt: skip
        connection.execute("SET threads = 1; CREATE TABLE given AS SELECT * FROM made")
        least, n_slices = spent(lambda: counted(connection, 3))
        plain, _ = spent(
            lambda: connection.execute(
                f"SELECT {first.name}, after, count(*), avg(score), var_samp(score) FROM given GROUP BY ALL"
            ).fetchall()
        )
    parted, _ = spent(lambda: split(answers, first.codes, len(first.groups)))
    searched, found = spent(lambda: find_slices(answers, columns))
    days = series()
    ours, points = spent(lambda: pelt(days, np.ones(DAYS), PENALTY))
    theirs, others = spent(
        lambda: ruptures.KernelCPD(kernel="linear", min_size=3, jump=1).fit(days).predict(pen=PENALTY)
    )
    print(
        f"{ANSWERS:,} made answers, {len(GROUPS)} columns; CPU seconds on one thread, the least of {RUNS} runs\n"
    )
    print("| | CPU seconds | of |\n| --- | --- | --- |")
    print(f"| DuckDB: means and variances by one column | {plain:.3f} | {GROUPS[0]} groups |")
    print(f"| regard: mix and rate by it, with intervals | {parted:.3f} | {GROUPS[0]} groups |")
    print(
        f"| DuckDB: answers and sums of every slice, once | {least:.3f} | {n_slices:,} slices of any size |"
    )
    print(
        f"| regard: the slices that explain it, p and intervals | {searched:.3f} | {found.n_searched:,} slices of 1% or more |"
    )
    print(f"| ruptures (C): PELT, {DAYS:,} days | {theirs:.3f} | {len(others) - 1} changes |")
    print(f"| regard: PELT, {DAYS:,} days | {ours:.3f} | {len(points)} changes |")
    told = "; ".join(
        " and ".join(f"{columns[part.dimension].name} = v{part.code}" for part in one.conditions) for one in found.slices
    )  # fmt: skip
    print(
        f"\nPlanted: c0 = v0 and c1 = v0. Found: {told or 'none'}. Once a slice is taken out the search begins again, so here it ran twice."
    )


def series() -> Floats:
    """Days with twenty levels."""
    random = np.random.default_rng(SEED)
    return np.repeat(random.normal(0, 3, 20), DAYS // 20) + random.normal(0, 1, DAYS)


if __name__ == "__main__":
    main()
