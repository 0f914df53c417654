"""Which view of the log a connection offers, and what is known of it before any question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Log:
    """How the connection offers the log.

    Args:
        view: the view to read: the plain log where nobody was joined yet, so that no join is paid for.
        customer: the column of that view that says whose the interaction is.
        has_nobody: whether some interactions belong to nobody known; each then counts as a customer of its own.
        has_weights: whether any answer has a weight.
        has_months: whether the view tells the month of the folder that a row stands in, so that others stay closed.
    """

    view: str
    customer: str
    has_nobody: bool
    has_weights: bool = True
    has_months: bool = False

    @property
    def customer_sql(self) -> str:
        """The customer's number."""
        if not self.has_nobody:
            return self.customer
        return f"coalesce({self.customer}, -2 - (hash(interaction_id) >> 2)::BIGINT)"
