"""The fewest agents for ten thousand intervals under Erlang C, beside pyworkforce, in CPU seconds; and under Erlang A."""

from __future__ import annotations

import statistics
import time

import numpy as np
from peers import ask, peer

from regard.analytics.queues.fewest_agents import fewest_agents
from regard.analytics.queues.offered import Offered

INTERVALS = 10_000
RUNS = 7
CALLS = "np.random.default_rng(1).uniform(5, 300, {n}), np.random.default_rng(2).uniform(100, 500, {n})"
PEER = """
import json, time
import numpy as np
from pyworkforce.queuing import ErlangC
calls, handling = {made}
began = time.process_time()
agents = [
    ErlangC(transactions=n, aht=seconds / 60, interval=30, asa=20 / 60).required_positions(service_level=0.8)
    for n, seconds in zip(calls, handling)
]
spent = time.process_time() - began
print(json.dumps([spent, [int(one["raw_positions"]) for one in agents]]))
"""


def median(offered: Offered, *, gives_up: bool) -> tuple[float, list[float]]:
    """CPU seconds of some runs, and the agents."""
    spent = []
    for _ in range(RUNS):
        began = time.process_time()
        agents = fewest_agents(offered, target=0.8, within=20, gives_up=gives_up)
        spent.append(time.process_time() - began)
    return statistics.median(spent), agents.tolist()


def main() -> None:
    """Ask both, compare, print the table."""
    made = CALLS.format(n=INTERVALS)
    theirs, expected = ask(peer("pyworkforce==0.5.1", "numpy"), PEER.format(made=made))
    calls = np.random.default_rng(1).uniform(5, 300, INTERVALS)
    handling = np.random.default_rng(2).uniform(100, 500, INTERVALS)
    ours, found = median(Offered.of(calls / 1800, handling), gives_up=False)
    patient, _ = median(Offered.of(calls / 1800, handling, 120), gives_up=True)
    same = sum(a == b for a, b in zip(found, expected, strict=True))
    print(f"{INTERVALS:,} intervals of 5 to 300 calls of 100 to 500 seconds, 80% within 20 seconds; CPU ms\n")
    print("| | ms | times as fast |\n| --- | --- | --- |")
    print(f"| pyworkforce 0.5.1, Erlang C | {1000 * theirs:,.0f} | 1 |")
    print(f"| regard, Erlang C | {1000 * ours:,.1f} | {theirs / ours:,.0f} |")
    print(f"| regard, Erlang A (patience 120 s) | {1000 * patient:,.1f} | |")
    print(f"\nThe same number in {same:,} of {INTERVALS:,} intervals.")


if __name__ == "__main__":
    main()
