"""The contact centre: calls with waits and agents, chats, cases, and what people say afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.integrations.sample_company.calendar import DAY_SECONDS, Floats, Integers, hours
from regard.integrations.sample_company.chunk import Chunk
from regard.integrations.sample_company.company import (
    AGENTS,
    AGENTS_PER_TEAM,
    EXCELLING_AGENT,
    TOPIC_SHARES,
    TOPICS,
)
from regard.integrations.sample_company.orders import Orders
from regard.integrations.sample_company.people import PHONE, USER, USER_PHONE
from regard.integrations.sample_company.rows import Column, draw_one, spread
from regard.integrations.sample_company.satisfaction import answer_1_to_5
from regard.integrations.sample_company.surveys import Asked, ask
from regard.integrations.sample_company.truths import (
    ABANDONED_CALLS,
    ABANDONED_CALLS_IN_DECEMBER,
    CALL_AFTER_LATE,
    CALL_AFTER_ON_TIME,
    CALLED_AGAIN,
    CASE_MEDIAN_HOURS,
    CASE_NEVER,
    CASE_REOPENED,
    CASE_SHARE,
    CASE_SIGMA,
    CSAT_CHAT,
    CSAT_EXCELLING,
    CSAT_LONG_WAIT,
    CSAT_SHORT_WAIT,
    HANDLE_MEDIAN_SECONDS,
    HANDLE_SIGMA,
    LONG_WAIT_SECONDS,
    WAIT_IN_DECEMBER,
    WAIT_MEDIAN_SECONDS,
    WAIT_SIGMA,
)

CALLS_PER_DAY = 0.0011
CHATS_PER_DAY = 0.0009
_DELIVERY = TOPICS.index("delivery")


@dataclass(frozen=True)
class Contacts:
    """Calls or chats; arrays hold one element for each."""

    person: Integers
    at: Floats
    topic: Integers
    about: Integers
    """The order, or the call before, that it is about; 0 for none."""
    thread: Integers


def write_contacts(chunk: Chunk, orders: Orders, order_threads: Integers) -> None:
    """Add all calls and chats of the chunk."""
    out_of_the_blue = _draw_contacts(chunk, CALLS_PER_DAY)
    again = _draw_calls_again(chunk, out_of_the_blue)
    about_orders = _draw_calls_about_deliveries(chunk, orders, order_threads)
    calls = (out_of_the_blue, again, about_orders)
    names = Contacts.__annotations__
    _write_calls(
        chunk, Contacts(*(np.concatenate([getattr(each, name) for each in calls]) for name in names))
    )
    _write_chats(chunk, _draw_contacts(chunk, CHATS_PER_DAY))


def _draw_contacts(chunk: Chunk, per_day: float) -> Contacts:
    people, calendar, rng = chunk.people, chunk.calendar, chunk.rng
    whole = np.full(people.n, float(calendar.n_days))
    weight = calendar.weight_between(people.active_from, whole)
    person, _ = spread(rng.poisson(per_day * weight).astype(np.int64))
    at = calendar.pick_days(rng, people.active_from[person], whole[person]) + hours(rng, len(person), 9, 21)
    topic = draw_one(rng, len(person), TOPIC_SHARES)
    none = np.zeros(len(person), dtype=np.int64)
    return Contacts(person, at, topic, none, chunk.rows.new_threads(len(person)))


def _draw_calls_again(chunk: Chunk, calls: Contacts) -> Contacts:
    """A second call about the same matter within seven days, for so many of the calls."""
    some = np.flatnonzero(chunk.chance(CALLED_AGAIN, len(calls.person)))
    at = np.floor(calls.at[some]) + chunk.rng.integers(1, 7, len(some)) + hours(chunk.rng, len(some), 9, 21)
    some, at = some[at < chunk.calendar.n_days], at[at < chunk.calendar.n_days]
    threads = chunk.rows.new_threads(len(some))
    return Contacts(calls.person[some], at, calls.topic[some], calls.thread[some], threads)


def _draw_calls_about_deliveries(chunk: Chunk, orders: Orders, threads: Integers) -> Contacts:
    """Calls within four days after the promised day: one for so many deliveries on time, and for so many late ones."""
    rng = chunk.rng
    share = np.where(orders.late, CALL_AFTER_LATE, CALL_AFTER_ON_TIME)
    which = np.flatnonzero(~orders.in_shop & chunk.chance(share, len(share)))
    at = orders.promised[which] + 1 + rng.integers(0, 4, len(which)) + hours(rng, len(which), 9, 21)
    inside = at < chunk.calendar.n_days
    which, at = which[inside], at[inside]
    topic = np.full(len(which), _DELIVERY)
    return Contacts(orders.person[which], at, topic, threads[which], chunk.rows.new_threads(len(which)))


def _agents(chunk: Chunk, contacts: Contacts) -> Integers:
    """A seat for each contact, in the team for its topic."""
    n = len(contacts.person)
    team = np.array([0, 1, 2, 3, 0, 4])[contacts.topic]
    team = np.where((contacts.topic == TOPICS.index("other")) & chunk.chance(0.5, n), 5, team)
    return np.asarray(team * AGENTS_PER_TEAM + chunk.rng.integers(0, AGENTS_PER_TEAM, n), dtype=np.int64)


def _write_calls(chunk: Chunk, calls: Contacts) -> None:
    rng, rows, calendar, n = chunk.rng, chunk.rows, chunk.calendar, len(calls.person)
    december = calendar.is_december[calls.at.astype(np.int64)]
    given_up = chunk.chance(np.where(december, ABANDONED_CALLS_IN_DECEMBER, ABANDONED_CALLS), n)
    seat = _agents(chunk, calls)
    median = WAIT_MEDIAN_SECONDS * np.where(december, WAIT_IN_DECEMBER, 1.0)
    wait = np.round(median * np.exp(WAIT_SIGMA * rng.standard_normal(n)), 1)
    wait = np.where(given_up, np.round(20 + rng.exponential(240.0, n), 1), wait)
    talk = np.round(HANDLE_MEDIAN_SECONDS * np.exp(HANDLE_SIGMA * rng.standard_normal(n)), 1)
    given = chunk.people.given(calls.person, USER_PHONE, "phone_only_calls", PHONE)
    thread = calls.thread
    shared: dict[str, Column] = {
        "thread": thread, "about": calls.about, "given": given, "topic": chunk.words(TOPICS, calls.topic),
        "unit": chunk.words([team for _, team in AGENTS], seat),
    }  # fmt: skip
    agent = chunk.words([name for name, _ in AGENTS], seat)

    def add(some: Column, at: Floats, kind: str, **columns: Column) -> None:
        rows.add(calls.person[some], calendar.utc(at[some]), kind, channel="phone", touchpoint="support",
                 **{name: values[some] for name, values in {**shared, **columns}.items()})  # fmt: skip

    taken_at = calls.at + wait / DAY_SECONDS
    ended_at = taken_at + talk / DAY_SECONDS
    taken = np.flatnonzero(~given_up)
    add(np.arange(n), calls.at, "call.queued")
    add(np.flatnonzero(given_up), taken_at, "call.abandoned", wait_seconds=wait)
    add(taken, taken_at, "call.started", wait_seconds=wait, agent=agent)
    add(taken, ended_at, "call.ended", duration_seconds=talk, agent=agent)
    _ask_about_call(chunk, calls, taken, ended_at, wait, seat, {**shared, "agent": agent})
    opened = taken[chunk.chance(CASE_SHARE, len(taken))]
    _write_cases(chunk, calls.person[opened], ended_at[opened],
                 {name: values[opened] for name, values in {**shared, "agent": agent, "about": thread}.items()})  # fmt: skip


def _ask_about_call(
    chunk: Chunk, calls: Contacts, taken: Integers, ended_at: Floats, wait: Floats, seat: Integers,
    shared: dict[str, Column],
) -> None:  # fmt: skip
    """Add the question how satisfied people are, by text message after a call."""
    some = taken[chunk.chance(0.6, len(taken))]
    long = wait[some] > LONG_WAIT_SECONDS
    case = np.where(seat[some] == EXCELLING_AGENT, 2, long.astype(np.int64))
    score = answer_1_to_5(chunk, calls.person[some],
                          np.array([CSAT_SHORT_WAIT, CSAT_LONG_WAIT, CSAT_EXCELLING])[case])  # fmt: skip
    ask(chunk, Asked(
        person=calls.person[some], at=ended_at[some] + 0.004, about=shared["thread"][some], score=score, metric="csat",
        touchpoint="support", channel=np.full(len(some), chunk.rows.dictionary.number("sms"), dtype=np.int32),
        answered=np.full(len(some), 0.38), mean_delay_hours=1.5, topic=np.where(long & (score <= 3), "waiting", "agent"),
        unit=shared["unit"][some], columns={"agent": shared["agent"][some], "topic": shared["topic"][some]},
    ))  # fmt: skip


def _write_cases(chunk: Chunk, person: Integers, opened_at: Floats, shared: dict[str, Column]) -> None:
    """Add cases: opened, most of them resolved, some opened again and resolved again."""
    rng, rows, calendar, n = chunk.rng, chunk.rows, chunk.calendar, len(person)
    columns = {**shared, "thread": rows.new_threads(n), "given": np.full(n, USER, dtype=np.int8)}

    def add(some: Column, at: Floats, kind: str) -> Column:
        inside = some[at[some] < calendar.n_days]
        rows.add(person[inside], calendar.utc(at[inside]), kind, channel="phone", touchpoint="support",
                 **{name: values[inside] for name, values in columns.items()})  # fmt: skip
        return inside

    def later() -> Floats:
        return np.asarray(
            CASE_MEDIAN_HOURS / 24 * np.exp(CASE_SIGMA * rng.standard_normal(n)), dtype=np.float64
        )

    opened = add(np.arange(n), opened_at, "case.opened")
    resolved_at = opened_at + later()
    resolved = add(opened[~chunk.chance(CASE_NEVER, len(opened))], resolved_at, "case.resolved")
    again_at = resolved_at + 5 * rng.random(n)
    again = add(resolved[chunk.chance(CASE_REOPENED, len(resolved))], again_at, "case.reopened")
    add(again, again_at + later(), "case.resolved")


def _write_chats(chunk: Chunk, chats: Contacts) -> None:
    """Add chats, and the question how satisfied people are at their end."""
    rng, rows, calendar, n = chunk.rng, chunk.rows, chunk.calendar, len(chats.person)
    seat = _agents(chunk, chats)
    wait = np.round(35 * np.exp(0.8 * rng.standard_normal(n)), 1)
    talk = np.round(420 * np.exp(0.5 * rng.standard_normal(n)), 1)
    thread = chats.thread
    agent = chunk.words([name for name, _ in AGENTS], seat)
    unit = chunk.words([team for _, team in AGENTS], seat)
    ended_at = chats.at + (wait + talk) / DAY_SECONDS
    for kind, at, column, values in (
        ("chat.started", chats.at, "wait_seconds", np.full(n, np.nan)),
        ("chat.answered", chats.at + wait / DAY_SECONDS, "wait_seconds", wait),
        ("chat.ended", ended_at, "duration_seconds", talk),
    ):
        rows.add(chats.person, calendar.utc(at), kind, channel="chat", touchpoint="support", thread=thread, unit=unit,
                 agent=agent, topic=chunk.words(TOPICS, chats.topic), **{column: values})  # fmt: skip
    some = np.flatnonzero(chunk.chance(0.8, n))
    score = answer_1_to_5(
        chunk, chats.person[some], np.array([CSAT_CHAT])[np.zeros(len(some), dtype=np.int64)]
    )
    ask(chunk, Asked(
        person=chats.person[some], at=ended_at[some] + 0.0002, about=thread[some], score=score, metric="csat",
        touchpoint="support", channel=np.full(len(some), rows.dictionary.number("chat"), dtype=np.int32),
        answered=np.full(len(some), 0.42), mean_delay_hours=0.1, topic=np.full(len(some), "agent"),
        unit=unit[some], columns={"agent": agent[some]},
    ))  # fmt: skip
