"""Visits to the web shop and the app: pages, products, baskets, forms begun and given up, and self-service."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regard.integrations.sample_company.calendar import DAY_SECONDS, Floats, Integers, hours
from regard.integrations.sample_company.chunk import Chunk
from regard.integrations.sample_company.company import CATEGORIES
from regard.integrations.sample_company.people import ANONYMOUS, KINDS, USER
from regard.integrations.sample_company.rows import draw, draw_one, spread
from regard.integrations.sample_company.surveys import Asked, ask
from regard.integrations.sample_company.truths import CES_APP, CES_WEB, FORM_WARRANTY

VISITS_PER_DAY = 0.0225
APP_SHARE = 0.38
ONLINE = ("web", "app")
_GAP = 35 / DAY_SECONDS


def write_visits(chunk: Chunk) -> None:
    """Add the visits in which nothing is bought."""
    people, calendar, rng = chunk.people, chunk.calendar, chunk.rng
    whole = np.full(people.n, float(calendar.n_days))
    weight = calendar.weight_between(people.active_from, whole)
    person, _ = spread(rng.poisson(VISITS_PER_DAY * people.busyness * weight).astype(np.int64))
    at = calendar.pick_days(rng, people.active_from[person], whole[person]) + hours(rng, len(person), 7, 23)
    app = chunk.chance(APP_SHARE, len(person)).astype(np.int64)
    thread = chunk.rows.new_threads(len(person))
    unknown = (people.kind[person] == KINDS.index("anonymous_visits")) & chunk.chance(0.6, len(person))
    given = np.where(unknown, ANONYMOUS, USER).astype(np.int8)
    last = write_browsing(chunk, person, at, app, thread, given)
    some = np.flatnonzero(chunk.chance(0.03, len(person)) & ~unknown)
    write_form(
        chunk,
        person[some],
        last[some],
        app[some],
        thread[some],
        "warranty",
        chunk.chance(FORM_WARRANTY, len(some)),
    )
    helped = np.flatnonzero(chunk.chance(0.06, len(person)) & ~unknown)
    _write_self_service(chunk, person[helped], last[helped], app[helped], thread[helped])


def write_browsing(
    chunk: Chunk, person: Integers, at: Floats, app: Integers, thread: Integers, given: NDArray[np.int8]
) -> Floats:
    """Add pages, products and additions to the basket of sessions, and say when each was last active."""
    rng, rows, n = chunk.rng, chunk.rows, len(person)
    channel = chunk.words(ONLINE, app)
    category = rows.dictionary.numbers([kind.key for kind in CATEGORIES])
    last = at
    steps = (("page.viewed", "browse", 1 + rng.poisson(1.1, n)),
             ("product.viewed", "product", rng.poisson(1.1, n)),
             ("product.added", "basket", chunk.chance(0.12, n).astype(np.int64)))  # fmt: skip
    for kind, touchpoint, counts in steps:
        owner, ordinal = spread(counts.astype(np.int64))
        time = last[owner] + _GAP * (ordinal + 0.2 + 0.8 * rng.random(len(owner)))
        goods = category[draw_one(rng, len(owner), [kind.share for kind in CATEGORIES])]
        rows.add(
            person[owner], chunk.calendar.utc(time), kind,
            touchpoint=touchpoint, channel=channel[owner], thread=thread[owner], given=given[owner], unit="online",
            product_category=np.zeros(len(owner)) if kind == "page.viewed" else goods,
        )  # fmt: skip
        last = last + _GAP * (counts + 0.2)
    return last


def write_form(
    chunk: Chunk,
    person: Integers,
    at: Floats,
    app: Integers,
    thread: Integers,
    form: str,
    given_up: NDArray[np.bool_],
) -> Floats:
    """Add the starts of a form and, where it is given up, its end. Returns when people left it."""
    rows, calendar = chunk.rows, chunk.calendar
    channel = chunk.words(ONLINE, app)
    touchpoint = "checkout" if form == "delivery_slot" else "warranty"
    seconds = np.round(5 + chunk.rng.gamma(2.0, 25.0, len(person)), 1)
    left = at + seconds / DAY_SECONDS
    rows.add(person, calendar.utc(at), "form.started",
             channel=channel, touchpoint=touchpoint, thread=thread, form=form, unit="online")  # fmt: skip
    gone = np.flatnonzero(given_up)
    rows.add(person[gone], calendar.utc(left[gone]), "form.abandoned",
             channel=channel[gone], touchpoint=touchpoint, thread=thread[gone], form=form, unit="online",
             duration_seconds=seconds[gone])  # fmt: skip
    return left


def _write_self_service(chunk: Chunk, person: Integers, at: Floats, app: Integers, thread: Integers) -> None:
    """Add articles read in the help pages, and what people said about the effort."""
    rows, rng = chunk.rows, chunk.rng
    rows.add(person, chunk.calendar.utc(at + _GAP), "article.viewed",
             channel=chunk.words(ONLINE, app), touchpoint="self-service", thread=thread, unit="online",
             duration_seconds=np.round(20 + rng.gamma(2.0, 40.0, len(person)), 1))  # fmt: skip
    asked = np.flatnonzero(chunk.chance(0.4, len(person)))
    tables = np.array([CES_WEB, CES_APP])
    score = 1 + draw(rng, tables[app[asked]])
    ask(chunk, Asked(
        person=person[asked], at=at[asked] + 6 * _GAP, about=thread[asked], score=score, metric="ces",
        touchpoint="self-service", channel=chunk.words(ONLINE, app[asked]), answered=np.full(len(asked), 0.30),
        mean_delay_hours=0.05, topic=np.full(len(asked), "self_service"), unit="online",
    ))  # fmt: skip
