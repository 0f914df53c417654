"""What a piece of work costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

RUNS = 3
Result = TypeVar("Result")


def spent(work: Callable[[], Result]) -> tuple[float, Result]:
    """The least CPU seconds of some runs, and what came of the last."""
    best = float("inf")
    for _ in range(RUNS):
        began = time.process_time()
        found = work()
        best = min(best, time.process_time() - began)
    return best, found
