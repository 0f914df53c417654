"""One small log that has something for every metric of the catalogue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb

from regard.metrics.tests.hand_drawn import Row, log_of

FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
LOOKING = datetime(2026, 4, 1, tzinfo=UTC)
N_CUSTOMERS = 40


def rows() -> list[Row]:
    """Forty customers, each with answers, orders, a subscription, a case, a call, a chat and an invitation."""
    found: list[Row] = []
    for customer in range(N_CUSTOMERS):
        at = FIRST + timedelta(days=customer)
        shared = {
            "customer": customer,
            "channel": ("web", "phone")[customer % 2],
            "touchpoint": "support",
            "unit": ("north", "south")[customer % 2],
            "agent": ("ada", "bo")[customer % 2],
            "language": "en",
            "attributes": '{"plan": "gold"}',
        }

        def add(
            kind: str, minutes: float, at: datetime = at, shared: Row = shared, **columns: object
        ) -> None:
            found.append({**shared, "kind": kind, "occurred_at": at + timedelta(minutes=minutes), **columns})

        for metric, score in (
            ("nps", customer % 11),
            ("csat", customer % 5 + 1),
            ("ces", customer % 7 + 1),
            ("food", customer % 4 + 1),
        ):
            add("survey.answered", 1, metric=metric, score=float(score), thread=f"survey {customer}")
        add("survey.sent", 0, thread=f"survey {customer}")
        add("checkout.started", 2)
        if customer % 3:
            add("order.placed", 3, amount_minor=1000 + customer, currency="EUR")
        add("cost.recorded", 4, amount_minor=-500, currency="EUR")
        add("subscription.started", 5, thread=f"plan {customer}", amount_minor=900, currency="EUR")
        if customer % 4 == 0:
            add("subscription.ended", 60 * 24 * 30, thread=f"plan {customer}")
        add("call.queued", 10, thread=f"call {customer}")
        ended = "call.ended" if customer % 5 else "call.abandoned"
        add(ended, 15, thread=f"call {customer}", wait_seconds=60.0 + customer, duration_seconds=240.0)
        add("message.received", 3000, thread=f"talk {customer}")
        add("message.sent", 3000 + customer + 1, thread=f"talk {customer}")
        add("case.opened", 6000, thread=f"case {customer}")
        if customer % 4:
            add("case.resolved", 6000 + 60 * (customer + 1), thread=f"case {customer}")
    return found


def whole_log() -> duckdb.DuckDBPyConnection:
    """The log, with a trait and an account for everyone."""
    everyone = range(N_CUSTOMERS)
    return log_of(
        rows(),
        traits=[(customer, "tier", ("basic", "plus")[customer % 2]) for customer in everyone],
        accounts=[(customer, f"account {customer % 3}") for customer in everyone],
    )
