"""A relation gives the rows that a metric counts; the centre does the same with all of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# For what is told of customers: rows of nobody known would together, or each, be counted as one more.
KNOWN = "identity_id is not null"


class Reach(StrEnum):
    """How far beyond the asked period a relation must read the log."""

    PERIOD = "only the period itself"
    AFTER = "from the period's start to the moment of looking"
    ALL = "everything up to the moment of looking"


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows to count, as one query over `source`, the part of the log that the metric reads.

    Args:
        grain: what one row is: "interaction", "thread" or "customer-period".
        reads: kinds of interaction that are read, as stated in the reference.
        filter: which rows of the log belong to `source`; `$name` stands for a setting, `$kinds` for `reads`.
        rows: a query over `source` that keeps all columns of one interaction per row (the one whose channel, unit and
            attributes speak for the row) and `occurred_at`, its place in time. It may add columns for the counts.
            `$until` is the moment of looking, `$since` the period's start (NULL for none), `$name` a setting. Empty: the rows of `source` themselves.
        reach: how much of the log is read around the period.
        spans: whether `rows` makes its own `piece` by joining the table `pieces` (piece, starts, ends), where -1 is
            the whole period.
        needs: of each of these sets the log must hold some kind, or there is no figure; `reads` by default. It keeps
            "nobody answered" apart from "answers are not recorded here".
        settled: SQL seconds that must have passed before a row is decided; younger rows are left out ("" for none).
            All of them, decided or not: keeping those that went one way already would tilt the share.
        alone: `rows` gives no more than one row for each customer, piece and currency. The counts are then written
            for that one row, without an aggregate, and nothing is grouped by customer.
    """

    grain: str
    reads: tuple[str, ...]
    filter: str = "kind in ($kinds)"
    rows: str = ""
    reach: Reach = Reach.PERIOD
    spans: bool = False
    settled: str = ""
    alone: bool = False
    needs: tuple[tuple[str, ...], ...] = ()
