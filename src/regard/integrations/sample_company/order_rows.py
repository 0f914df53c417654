"""What an order leaves behind: the visit or the till, the invoice, the delivery, the survey, sometimes a return."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regard.integrations.sample_company.calendar import Floats, Integers, hours
from regard.integrations.sample_company.chunk import Chunk
from regard.integrations.sample_company.company import CARRIERS, CATEGORIES, NEW_CARRIER, REGIONS, SHOPS
from regard.integrations.sample_company.orders import Orders, is_changed
from regard.integrations.sample_company.people import (
    CARD_EMAIL,
    CARD_OTHER_EMAIL,
    KINDS,
    USER,
    USER_EMAIL,
    USER_EMAIL_PHONE,
)
from regard.integrations.sample_company.rows import Column, spread
from regard.integrations.sample_company.satisfaction import answer_1_to_5
from regard.integrations.sample_company.surveys import Asked, ask
from regard.integrations.sample_company.truths import (
    ANSWERED_EMAIL,
    ANSWERED_SMS,
    CSAT_SHOP,
    CSAT_WEAK_SHOP,
    FORM_APP,
    FORM_WEB,
    WEAK_SHOP,
)
from regard.integrations.sample_company.visits import APP_SHARE, ONLINE, write_browsing, write_form

_SHOP_KEYS = [key for key, _, _ in SHOPS]
_SHOPS_OF = [[place for place, shop in enumerate(SHOPS) if shop[2] == region.key] for region in REGIONS]


def write_orders(chunk: Chunk, orders: Orders) -> Integers:
    """Add everything that the orders leave behind. Returns each order's thread."""
    thread = chunk.rows.new_threads(len(orders.person))
    online, shop = np.flatnonzero(~orders.in_shop), np.flatnonzero(orders.in_shop)
    _write_online(chunk, orders, online, thread[online])
    _write_shop(chunk, orders, shop, thread[shop])
    _write_delivery(chunk, orders, online, thread[online])
    _write_returns(chunk, orders, thread)
    return thread


def _goods(chunk: Chunk, orders: Orders, which: Integers) -> NDArray[np.int32]:
    """The kind of goods of some orders."""
    return chunk.words([each.key for each in CATEGORIES], orders.category[which])


def _write_online(chunk: Chunk, orders: Orders, which: Integers, thread: Integers) -> None:
    """Add the visit that ends in the order, with the tries before it in which the form was given up."""
    rng, rows, calendar = chunk.rng, chunk.rows, chunk.calendar
    app = chunk.chance(APP_SHARE, len(which)).astype(np.int64)
    given_up = np.array([FORM_WEB, FORM_APP])[app]
    owner, ordinal = spread(rng.geometric(1 - given_up) - 1)
    start = orders.day[which] + hours(rng, len(which), 8, 22)
    before = start[owner] - (ordinal + 1) * (0.02 + 0.6 * rng.random(len(owner)))
    # Half of the tries that fail are somebody else's, who may never buy.
    other = rng.integers(0, chunk.people.n, len(owner))
    elsewhere = chunk.chance(0.5, len(owner)) & (before >= chunk.people.active_from[other])
    who = np.where(elsewhere, other, orders.person[which][owner])
    inside = np.flatnonzero(before >= np.maximum(chunk.people.active_from[who], 0.01))
    _write_checkout(chunk, who[inside], before[inside], app[owner][inside], given_up=True)
    ready = _write_checkout(chunk, orders.person[which], start, app, given_up=False)
    channel = chunk.words(ONLINE, app)
    at = calendar.utc(ready)
    rows.add(orders.person[which], at, "order.placed", channel=channel, touchpoint="checkout", thread=thread,
             given=USER_EMAIL_PHONE, amount=orders.amount[which], unit="online",
             product_category=_goods(chunk, orders, which))  # fmt: skip
    rows.add(orders.person[which], at + 90_000_000, "invoice.sent", channel="email", touchpoint="invoice",
             thread=thread, given=USER_EMAIL, unit="online")  # fmt: skip


def _write_checkout(chunk: Chunk, person: Integers, at: Floats, app: Integers, *, given_up: bool) -> Floats:
    """Add a visit as far as the form for the delivery slot. Returns when it ended."""
    session = chunk.rows.new_threads(len(person))
    last = write_browsing(chunk, person, at, app, session, np.full(len(person), USER, dtype=np.int8))
    chunk.rows.add(person, chunk.calendar.utc(last), "checkout.started", channel=chunk.words(ONLINE, app),
                   touchpoint="checkout", thread=session, unit="online")  # fmt: skip
    return write_form(
        chunk, person, last + 0.0005, app, session, "delivery_slot", np.full(len(person), given_up)
    )


def _write_shop(chunk: Chunk, orders: Orders, which: Integers, thread: Integers) -> None:
    """Add what was bought in a shop, and how people liked the shop."""
    rng, rows, people = chunk.rng, chunk.rows, chunk.people
    person = orders.person[which]
    shops = np.array([_SHOPS_OF[region][place % len(_SHOPS_OF[region])]
                      for region, place in zip(people.region[person].tolist(), (person % 12).tolist(), strict=True)],
                     dtype=np.int64)  # fmt: skip
    unit = chunk.words(_SHOP_KEYS, shops)
    kind = people.kind[person]
    given = np.where(kind == KINDS.index("second_id_same_email"), CARD_EMAIL, USER)
    given = np.where(kind == KINDS.index("second_id_other_email"), CARD_OTHER_EMAIL, given).astype(np.int8)
    at = orders.day[which] + hours(rng, len(which), 9, 21)
    rows.add(person, chunk.calendar.utc(at), "order.placed", channel="store", touchpoint="shop", thread=thread,
             given=given, amount=orders.amount[which], unit=unit, product_category=_goods(chunk, orders, which))  # fmt: skip
    asked = np.flatnonzero(chunk.chance(0.5, len(which)))
    weak = (shops[asked] == _SHOP_KEYS.index(WEAK_SHOP)).astype(np.int64)
    score = answer_1_to_5(chunk, person[asked], np.array([CSAT_SHOP, CSAT_WEAK_SHOP])[weak])
    ask(chunk, Asked(
        person=person[asked], at=at[asked] + 0.1, about=thread[asked], score=score, metric="csat", touchpoint="shop",
        channel=np.full(len(asked), rows.dictionary.number("email"), dtype=np.int32),
        answered=np.full(len(asked), 0.25), mean_delay_hours=14.0, topic=np.full(len(asked), "shop"), unit=unit[asked],
    ))  # fmt: skip


def _write_delivery(chunk: Chunk, orders: Orders, which: Integers, thread: Integers) -> None:
    """Add the promise that was broken, the parcel that came, and the question whether they would recommend us."""
    rng, rows, calendar = chunk.rng, chunk.rows, chunk.calendar
    person, late = orders.person[which], orders.late[which]
    region = chunk.people.region[person]
    usual = np.array([CARRIERS.index(each.carrier) for each in REGIONS])[region]
    changed = is_changed(chunk.people, calendar, person, orders.day[which])
    carrier = chunk.words(CARRIERS, np.where(changed, CARRIERS.index(NEW_CARRIER), usual))
    promises = [calendar.iso_day(day) for day in range(calendar.n_days + 30)]
    shared: dict[str, Column] = {
        "thread": thread, "unit": chunk.words([f"depot-{each.key}" for each in REGIONS], region), "carrier": carrier,
        "promised_on": chunk.words(promises, orders.promised[which].astype(np.int64)), "product_category": _goods(chunk, orders, which),
    }  # fmt: skip

    def add(some: Column, at: Floats, kind: str, **columns: Column) -> None:
        rows.add(person[some], calendar.utc(at), kind, channel="mail", touchpoint="delivery",
                 **{name: values[some] for name, values in {**shared, **columns}.items()})  # fmt: skip

    missed = np.flatnonzero(late & (orders.promised[which] + 1 <= calendar.n_days))
    add(missed, orders.promised[which][missed] + 0.875, "delivery.late")
    came = orders.promised[which] + orders.days_late[which] + hours(rng, len(which), 8, 20)
    done = np.flatnonzero(came < calendar.n_days)
    days_late = orders.days_late[which].astype(np.float64)
    add(done, came[done], "order.delivered", days_late=days_late)
    asked = done[chunk.chance(0.75, len(done))]
    by_mail = chunk.chance(0.7, len(asked))
    topic = np.where(
        late[asked], "late", np.array(("delivery", "goods", "price"))[rng.integers(0, 3, len(asked))]
    )
    _ask_to_recommend(chunk, orders, which, asked, came, by_mail, topic, {**shared, "days_late": days_late})


def _ask_to_recommend(
    chunk: Chunk, orders: Orders, which: Integers, asked: Integers, came: Floats, by_mail: Column,
    topic: Column, shared: dict[str, Column],
) -> None:  # fmt: skip
    """Add the survey of some deliveries, a day after the parcel came."""
    columns = {name: shared[name][asked] for name in ("carrier", "days_late", "product_category")}
    ask(chunk, Asked(
        person=orders.person[which][asked], at=np.floor(came[asked]) + 1.0 + 10 / 24, about=shared["thread"][asked],
        score=orders.recommend[which][asked], metric="nps", touchpoint="delivery",
        channel=chunk.words(("email", "sms"), (~by_mail).astype(np.int64)),
        answered=np.where(by_mail, ANSWERED_EMAIL, ANSWERED_SMS), mean_delay_hours=16.0, topic=topic,
        unit=shared["unit"][asked], given=USER_EMAIL, columns=columns,
    ))  # fmt: skip


def _write_returns(chunk: Chunk, orders: Orders, thread: Integers) -> None:
    """Add goods that were sent back and their money: all of the order, as a negative amount."""
    shares = np.array([each.return_share for each in CATEGORIES])[orders.category]
    at = orders.promised + np.maximum(orders.days_late, 0) + 2 + 12 * chunk.rng.random(len(shares))
    back = np.flatnonzero(chunk.chance(shares, len(shares)) & (at < chunk.calendar.n_days))
    in_shop = orders.in_shop[back].astype(np.int64)
    chunk.rows.add(orders.person[back], chunk.calendar.utc(np.floor(at[back]) + 0.5), "order.returned",
                   channel=chunk.words(("mail", "store"), in_shop), touchpoint="return", thread=thread[back],
                   amount=-orders.amount[back], product_category=_goods(chunk, orders, back))  # fmt: skip
