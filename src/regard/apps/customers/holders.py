"""Who else keeps rows about customers: each slice above this one names its own, so that one verb erases them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from regard.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to be erased: a person or a period.

    Args:
        identities: numbers of the person's identities, the customer's own among them; empty for a period in which
            nobody vanishes altogether.
        starts_at, ends_at: the period, its end not included; None where a person is erased.
    """

    identities: tuple[int, ...]
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Rows about customers in one slice.

    Args:
        key: the place as the proof calls it, such as "cases".
        erase: deletes what the scope names, in a transaction of its own, and says how many rows went; called again
            after a crash.
        count: how many rows of the scope are there; 0 after `erase`.
    """

    key: str
    erase: Callable[[Scope], int]
    count: Callable[[Scope], int]


HOLDERS: Registry[Holder] = Registry("holder")
