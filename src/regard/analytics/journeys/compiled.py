"""Loops over events, compiled where there are enough events to be worth the wait.

Places in arrays are numbers without a sign in them. Of one with a sign a compiled loop asks at each access whether it
counts from the end of the array, which takes up to a third of its time.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

# Below this many events Python runs the loops before a compiler would have been loaded.
WORTH_COMPILING = 50_000
ONE = np.uint64(1)


def loop(function: Callable[..., Any], n: int) -> Callable[..., Any]:
    """`function`, which loops over arrays, as it best runs for `n` events; the same result either way."""
    return _compiled(function) if n >= WORTH_COMPILING else _interpreted(function)


@functools.cache
def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    import numba

    try:
        compiled: Callable[..., Any] = numba.njit(function, cache=True)
    except RuntimeError:  # no folder can be written in which it would be kept
        compiled = numba.njit(function)
    return compiled


def _interpreted(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def run(*given: Any) -> Any:
        with np.errstate(over="ignore"):  # hashes are meant to wrap around
            return function(*given)

    return run
