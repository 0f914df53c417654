"""Orders: who buys when, what arrives late, what they say about it, and whether they come back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.integrations.sample_company.calendar import Calendar, Floats, Integers
from regard.integrations.sample_company.chunk import Chunk
from regard.integrations.sample_company.company import CATEGORIES, CHANGED_REGION, REGIONS
from regard.integrations.sample_company.people import People
from regard.integrations.sample_company.rows import draw, draw_one
from regard.integrations.sample_company.truths import (
    AGAIN_WITHIN_DAYS,
    BUY_AGAIN,
    BUY_LATER,
    LATE_SHARE_AFTER_CHANGE,
    NPS_LATE,
    NPS_ON_TIME,
)

IN_SHOP = 0.30
FIRST_WITHIN_DAYS = 120.0
SOONEST_DAYS = 18.0
_CHANGED = [region.key for region in REGIONS].index(CHANGED_REGION)
_AGAIN = np.array([BUY_AGAIN["detractor"]] * 7 + [BUY_AGAIN["passive"]] * 2 + [BUY_AGAIN["promoter"]] * 2)


@dataclass(frozen=True)
class Orders:
    """Orders of one chunk; arrays hold one element for each."""

    person: Integers
    day: Floats
    in_shop: NDArray[np.bool_]
    promised: Floats
    """Day on which the parcel was promised."""
    days_late: Integers
    """Days after the promised one; 0 or less: on time."""
    recommend: Integers
    """What they would answer, 0 to 10."""
    category: Integers
    amount: Floats

    @property
    def late(self) -> NDArray[np.bool_]:
        """Whether the parcel came after the promised day."""
        return np.asarray(self.days_late > 0)


def draw_orders(chunk: Chunk) -> Orders:
    """All orders of the chunk's people within the two years."""
    people, calendar, rng = chunk.people, chunk.calendar, chunk.rng
    person = np.flatnonzero(chunk.chance(0.88, people.n))
    low = people.active_from[person]
    day = calendar.pick_days(rng, low, low + FIRST_WITHIN_DAYS)
    drawn = []
    while len(person):
        inside = day < calendar.n_days
        person, day = person[inside], day[inside]
        orders = _draw_round(chunk, person, day)
        drawn.append(orders)
        again = chunk.chance(_AGAIN[orders.recommend], len(person))
        later = ~again & chunk.chance(BUY_LATER, len(person))
        first = day + np.where(again, SOONEST_DAYS, AGAIN_WITHIN_DAYS + 1.0)
        last = day + np.where(again, AGAIN_WITHIN_DAYS + 1.0, 365.0)
        back = np.flatnonzero(again | later)
        person, day = person[back], calendar.pick_days(rng, first[back], last[back])
    return Orders(
        **{name: np.concatenate([getattr(each, name) for each in drawn]) for name in Orders.__annotations__}
    )


def _draw_round(chunk: Chunk, person: Integers, day: Floats) -> Orders:
    """One order for each of these people."""
    rng, n = chunk.rng, len(person)
    in_shop = chunk.chance(IN_SHOP, n)
    late = chunk.chance(late_share(chunk.people, chunk.calendar, person, day), n) & ~in_shop
    behind = np.minimum(rng.geometric(0.38, n), 12)
    days_late = np.where(late, behind, -rng.integers(0, 2, n))
    recommend = draw(rng, np.array([NPS_ON_TIME, NPS_LATE])[late.astype(np.int64)])
    category = draw_one(rng, n, [kind.share for kind in CATEGORIES])
    sigma = np.array([kind.sigma for kind in CATEGORIES])[category]
    mean = np.array([kind.mean_amount for kind in CATEGORIES])[category]
    amount = np.round(mean * np.exp(sigma * rng.standard_normal(n) - sigma**2 / 2), 2)
    promised = day + rng.integers(2, 6, n)
    return Orders(person, day, in_shop, promised, days_late, recommend, category, np.maximum(amount, 1.0))


def late_share(people: People, calendar: Calendar, person: Integers, day: Floats) -> Floats:
    """Probability that an order of that day is late: the region's, and the new carrier's once it has taken over."""
    region = people.region[person]
    usual = np.array([region.late_share for region in REGIONS])[region]
    return np.where(is_changed(people, calendar, person, day), LATE_SHARE_AFTER_CHANGE, usual)


def is_changed(people: People, calendar: Calendar, person: Integers, day: Floats) -> NDArray[np.bool_]:
    """Whether the new carrier brings an order of that day."""
    return np.asarray((people.region[person] == _CHANGED) & (day >= calendar.change_day))
