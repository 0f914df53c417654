"""The people of one chunk: where they live, how they write, and the several identifiers under which some appear."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.integrations.sample_company.calendar import Calendar, Floats, Integers
from regard.integrations.sample_company.company import REGIONS
from regard.integrations.sample_company.rows import draw, draw_one
from regard.integrations.sample_company.truths import DUPLICATES

# Which identifiers came with a row.
USER, USER_EMAIL_PHONE, USER_EMAIL, PHONE, CARD_EMAIL, CARD_OTHER_EMAIL, ANONYMOUS, USER_PHONE, NOBODY = (
    range(9)
)

KINDS = (
    "one_identity",
    "second_id_same_email",
    "second_id_other_email",
    "anonymous_visits",
    "phone_only_calls",
)

_FIRST = [
    "maria",
    "giorgos",
    "eleni",
    "nikos",
    "katerina",
    "dimitris",
    "anna",
    "kostas",
    "sofia",
    "yannis",
    "agnieszka",
    "piotr",
    "magda",
    "tomasz",
    "ewa",
    "pawel",
    "ani",
    "tigran",
    "lilit",
    "armen",
    "narine",
    "gor",
    "olga",
    "ivan",
    "elena",
    "sergei",
    "emma",
    "jack",
    "olivia",
    "harry",
]
_LAST = [
    "alimos",
    "berkan",
    "cavalo",
    "delfini",
    "erdos",
    "falkas",
    "goreni",
    "halvor",
    "ivanis",
    "jarosz",
    "kalian",
    "lemaris",
    "morava",
    "nevros",
    "ostrava",
    "pellas",
    "quint",
    "rodakis",
    "sarkis",
    "talvan",
    "ursin",
    "velkos",
    "warden",
    "xanthis",
    "yarmak",
    "zelnik",
]


@dataclass(frozen=True)
class People:
    """`n` people; arrays hold one element for each."""

    first_number: int
    region: Integers
    language: Integers
    """Place in LANGUAGES."""
    joined: Floats
    """Day of joining; negative: before the two years."""
    temper: Floats
    """Standard normal: how easily this person is satisfied."""
    busyness: Floats
    """How often this person visits, 1 on average."""
    kind: Integers
    """Place in KINDS."""
    shares_phone: NDArray[np.bool_]
    """Second of a family of two who give the same phone number."""

    @property
    def n(self) -> int:
        """How many people."""
        return len(self.region)

    @property
    def active_from(self) -> Floats:
        """The first day on which they can do anything."""
        return np.maximum(self.joined, 0.0)

    def given(self, person: Integers, usual: int, kind: str, other: int) -> NDArray[np.int8]:
        """Which identifiers came with each row: `usual` ones, or `other` ones for people of that kind."""
        return np.where(self.kind[person] == KINDS.index(kind), other, usual).astype(np.int8)

    def identifiers(self) -> dict[str, list[str]]:
        """User id, card id, anonymous id, e-mail, other e-mail and phone of everybody, in order."""
        numbers = range(self.first_number, self.first_number + self.n)
        names = [f"{_FIRST[n * 7 % len(_FIRST)]}.{_LAST[n * 11 % len(_LAST)]}" for n in numbers]
        return {
            "user": [f"C{n:07d}" for n in numbers],
            "card": [f"L{n:07d}" for n in numbers],
            "anonymous": [f"anon-{n * 2654435761 % 2**32:08x}{n:06x}" for n in numbers],
            "email": [f"{name}{n}@example.com" for n, name in zip(numbers, names, strict=True)],
            "other_email": [f"{name[0]}{name.split('.')[1]}.{n}@example.net"
                            for n, name in zip(numbers, names, strict=True)],
            "phone": [_phone(n - 1 if shared else n)
                      for n, shared in zip(numbers, self.shares_phone.tolist(), strict=True)],
        }  # fmt: skip


def make_people(rng: np.random.Generator, calendar: Calendar, first_number: int, n: int) -> People:
    """`n` people, numbered from `first_number`."""
    region = draw_one(rng, n, [region.share for region in REGIONS])
    language = draw(rng, np.array([r.languages for r in REGIONS])[region])
    before = rng.random(n) < 0.6
    joined = np.where(before, -1000.0 * rng.random(n), np.floor(calendar.n_days * rng.random(n)))
    shares = [DUPLICATES.second_id_same_email, DUPLICATES.second_id_other_email,
              DUPLICATES.anonymous_visits, DUPLICATES.phone_only_calls]  # fmt: skip
    kind = draw_one(rng, n, [1 - sum(shares), *shares])
    families = np.repeat(rng.random((n + 1) // 2) < DUPLICATES.family_phone, 2)[:n]
    return People(
        first_number=first_number,
        region=region,
        language=language,
        joined=joined,
        temper=rng.standard_normal(n),
        busyness=rng.gamma(3.0, 1 / 3.0, n),
        kind=kind,
        shares_phone=families & (np.arange(n) % 2 == 1),
    )


def _phone(number: int) -> str:
    """A Greek-looking number of a range (94) that no mobile operator hands out."""
    return f"+3094{number * 7368787 % 10**8:08d}"
