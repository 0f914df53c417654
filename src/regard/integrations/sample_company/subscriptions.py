"""Garden plans: a free month, then a paid plan that is renewed every 30 days or given up."""

from __future__ import annotations

import numpy as np

from regard.integrations.sample_company.calendar import Floats, Integers
from regard.integrations.sample_company.chunk import Chunk
from regard.integrations.sample_company.company import PLANS
from regard.integrations.sample_company.rows import draw_one
from regard.integrations.sample_company.truths import TRIAL_CONVERTED

SUBSCRIBING = 0.24
PERIOD_DAYS = 30.0


def write_subscriptions(chunk: Chunk) -> tuple[Integers, Floats]:
    """Add trials and what became of them. Returns who pays for a plan, and from which day."""
    people, calendar, rng = chunk.people, chunk.calendar, chunk.rng
    person = np.flatnonzero(chunk.chance(SUBSCRIBING, people.n))
    low = people.active_from[person]
    started = (
        low
        + np.floor((calendar.n_days - low) * rng.random(len(person)))
        + 0.4
        + 0.4 * rng.random(len(person))
    )
    person, started = person[started < calendar.n_days], started[started < calendar.n_days]
    plan = draw_one(rng, len(person), [plan.share for plan in PLANS])
    thread = chunk.rows.new_threads(len(person))
    _add(chunk, person, started, plan, thread, "subscription.started", trial="true")
    decided = started + PERIOD_DAYS
    inside = decided < calendar.n_days
    stays = inside & chunk.chance(TRIAL_CONVERTED, len(person))
    leaves = inside & ~stays
    _add(
        chunk,
        person[leaves],
        decided[leaves],
        plan[leaves],
        thread[leaves],
        "subscription.ended",
        trial="true",
    )
    person, due, plan, thread = person[stays], decided[stays], plan[stays], thread[stays]
    _add(chunk, person, due, plan, thread, "subscription.started", trial="false", paid=True)
    _write_renewals(chunk, person, due + PERIOD_DAYS, plan, thread)
    return person, due


def _write_renewals(chunk: Chunk, person: Integers, due: Floats, plan: Integers, thread: Integers) -> None:
    """Add a renewal or an end on each day when a renewal is due."""
    churn = np.array([each.monthly_churn for each in PLANS])
    while len(person):
        inside = due < chunk.calendar.n_days
        person, due, plan, thread = person[inside], due[inside], plan[inside], thread[inside]
        stays = ~chunk.chance(churn[plan], len(person))
        leaves = ~stays
        _add(
            chunk,
            person[leaves],
            due[leaves],
            plan[leaves],
            thread[leaves],
            "subscription.ended",
            trial="false",
        )
        person, due, plan, thread = person[stays], due[stays], plan[stays], thread[stays]
        _add(chunk, person, due, plan, thread, "subscription.renewed", trial="false", paid=True)
        due = due + PERIOD_DAYS


def _add(
    chunk: Chunk, person: Integers, at: Floats, plan: Integers, thread: Integers, kind: str, *, trial: str,
    paid: bool = False,
) -> None:  # fmt: skip
    amount = np.array([each.price for each in PLANS])[plan] if paid else np.nan
    chunk.rows.add(person, chunk.calendar.utc(at), kind, channel="web", touchpoint="plan", thread=thread, trial=trial,
                   amount=amount, plan=chunk.words([each.key for each in PLANS], plan), unit="online")  # fmt: skip
