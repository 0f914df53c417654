"""Who is joined with whom, and who is not."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regard.apps.customers.resolution.resolver import WIDTH, Outcome, Rows, _Joining, resolve
from regard.apps.customers.resolution.state import State


@dataclass(frozen=True)
class Seen:
    """One interaction's identifiers."""

    user: str | None = None
    anonymous: str | None = None
    email: str | None = None
    phone: str | None = None
    alias: str | None = None
    source: str = "shop"
    browser: bool = False


def rows_of(state: State, events: Sequence[Seen], first: int) -> Rows:
    high = np.zeros((len(events), WIDTH), dtype=np.uint64)
    low = np.zeros_like(high)
    for row, event in enumerate(events):
        own = event.source
        named = [
            (f"user {own}", event.user),
            ("email", event.email),
            ("phone", event.phone),
            (f"anonymous {own}", event.anonymous),
            (f"user {own}", event.alias),
            (f"anonymous {own}", event.alias),
        ]
        for slot, (kind, value) in enumerate(named):
            if value is not None:
                digest = hashlib.sha256(f"{kind} {value}".encode()).digest()
                high[row, slot] = int.from_bytes(digest[:8], "big")
                low[row, slot] = int.from_bytes(digest[8:16], "big")
    return Rows(
        high,
        low,
        np.array([state.source_number(event.source) for event in events], dtype=np.int32),
        np.array([event.browser for event in events], dtype=np.bool_),
        np.arange(first, first + len(events), dtype=np.int64),
    )


class Company:
    """Feeds interactions and tells which of them are the same customer's."""

    def __init__(self) -> None:
        self.state = State()
        self.identities: list[int] = []
        self.outcome: Outcome | None = None

    def see(self, *events: Seen) -> None:
        rows = rows_of(self.state, events, len(self.identities) + 1)
        self.outcome = resolve(self.state, rows)
        self.identities.extend(self.outcome.identity.tolist())

    def customers(self) -> list[int]:
        return [int(self.state.customer[identity]) for identity in self.identities]


def customers_of(*events: Seen) -> list[int]:
    company = Company()
    company.see(*events)
    return company.customers()


def test_two_identifiers_in_one_interaction_are_one_customer() -> None:
    one, two, three = customers_of(Seen("u1", email="a@b.c"), Seen(email="a@b.c"), Seen("u2"))
    assert one == two != three


def test_the_same_user_id_of_two_sources_is_two_customers() -> None:
    one, two = customers_of(Seen("7"), Seen("7", source="helpdesk"))
    assert one != two


def test_an_email_joins_the_customers_of_two_sources() -> None:
    shop, desk = customers_of(Seen("7", email="a@b.c"), Seen("x", email="a@b.c", source="helpdesk"))
    assert shop == desk


def test_a_shared_email_joins_nobody_and_parts_whom_it_joined() -> None:
    company = Company()
    company.see(Seen("u1", email="info@firm"), Seen("x1", email="info@firm", source="helpdesk"))
    assert len(set(company.customers())) == 1
    company.see(Seen("u2", email="info@firm"), Seen(email="info@firm"))
    assert len(set(company.customers())) == 4
    assert company.outcome is not None
    assert len(company.outcome.splits) == 1


def test_a_family_phone_joins_nobody() -> None:
    family = customers_of(
        Seen("anna", phone="+30210", email="anna@x"),
        Seen("ben", phone="+30210", email="ben@x"),
        Seen("cleo", phone="+30210"),
        Seen(phone="+30210"),
        Seen(email="anna@x"),
    )
    assert len(set(family)) == 4
    assert family[0] == family[4]


def test_a_phone_seen_with_three_emails_is_shared() -> None:
    seen = customers_of(*(Seen(email=f"{name}@x", phone="+30210") for name in ("a", "b", "c")))
    assert len(set(seen)) == 3


def test_a_shared_browser_belongs_to_its_first_user_only() -> None:
    seen = customers_of(
        Seen(anonymous="kiosk", browser=True),
        Seen("u1", anonymous="kiosk", browser=True),
        Seen("u2", anonymous="kiosk", browser=True),
        Seen(anonymous="kiosk", email="third@x", browser=True),
        Seen(email="third@x"),
    )
    assert seen[0] == seen[1] == seen[3]
    assert len({seen[1], seen[2], seen[4]}) == 3


def test_a_browser_may_not_join_two_known_identities() -> None:
    one, two, *_ = customers_of(
        Seen("attacker"), Seen("victim", email="v@x"), Seen("attacker", email="v@x", browser=True)
    )
    assert one != two


def test_a_browser_may_not_make_a_known_email_shared() -> None:
    company = Company()
    company.see(
        Seen("victim", email="v@x", browser=True),
        Seen("fresh", email="v@x", browser=True),
        Seen(email="v@x"),
    )
    victim, fresh, email = company.customers()
    assert victim == email != fresh


def test_a_browser_may_introduce_somebody_new() -> None:
    seen = customers_of(Seen("u1", email="a@x", anonymous="b1", browser=True), Seen(email="a@x"))
    assert len(set(seen)) == 1


def test_an_alias_joins_the_earlier_id() -> None:
    seen = customers_of(
        Seen("old"), Seen(anonymous="visitor"), Seen("new", alias="old"), Seen("new", alias="visitor")
    )
    assert len(set(seen)) == 1


def test_an_interaction_without_any_identifier_belongs_to_nobody() -> None:
    company = Company()
    company.see(Seen(), Seen("u1"))
    assert company.identities[0] == 0


def test_what_came_late_joins_as_well() -> None:
    seen = customers_of(
        Seen(email="a@x"), Seen("u1"), Seen(phone="+301"), Seen("u1", email="a@x", phone="+301")
    )
    assert len(set(seen)) == 1


def test_the_smallest_identity_names_the_customer() -> None:
    company = Company()
    company.see(Seen("u1"), Seen(email="a@x"), Seen("u1", email="a@x"))
    assert set(company.customers()) == {1}


few = st.sampled_from
events = st.builds(
    Seen,
    user=few([None, None, "1", "2", "3", "4"]),
    anonymous=few([None, "1", "2", "3"]),
    email=few([None, None, "1", "2", "3"]),
    phone=few([None, None, "1", "2"]),
    alias=few([None] * 8 + ["1", "2"]),
    source=few(["shop", "helpdesk"]),
    browser=st.booleans(),
)


@settings(deadline=None)
@given(st.lists(events, max_size=40), st.lists(st.integers(0, 40)))
def test_any_cut_into_batches_gives_the_same_customers(seen: list[Seen], cuts: list[int]) -> None:
    whole, pieces, singly = Company(), Company(), Company()
    whole.see(*seen)
    borders = sorted({0, len(seen), *(cut for cut in cuts if cut < len(seen))})
    for start, end in itertools.pairwise(borders):
        pieces.see(*seen[start:end])
    for event in seen:
        singly.see(event)
    n = whole.state.n
    assert whole.identities == pieces.identities == singly.identities
    for other in (pieces, singly):
        assert other.state.n == n
        assert (whole.state.customer[:n] == other.state.customer[:n]).all()
        assert (whole.state.marks[:n] == other.state.marks[:n]).all()


@settings(deadline=None)
@given(st.lists(st.lists(events, max_size=25), max_size=4))
def test_what_is_joined_by_arrays_is_joined_as_one_by_one(batches: list[list[Seen]]) -> None:
    quick, slow = Company(), Company()
    for batch in batches:
        quick.see(*batch)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_Joining, "_are_plain", lambda self, t, p, b: np.zeros(len(t), dtype=np.bool_))
            slow.see(*batch)
        assert quick.outcome is not None
        assert slow.outcome is not None
        n = slow.state.n
        assert (quick.state.customer[:n] == slow.state.customer[:n]).all()
        assert (quick.state.marks[:n] == slow.state.marks[:n]).all()
        assert set(quick.outcome.links) == set(slow.outcome.links)
        assert quick.outcome.moved == slow.outcome.moved
        assert quick.outcome.changed == slow.outcome.changed
        assert quick.outcome.splits == slow.outcome.splits
        for identity in range(1, n):
            assert set(quick.state.members(identity)) == set(slow.state.members(identity))


@settings(deadline=None)
@given(st.lists(events, max_size=30))
def test_a_repeated_batch_changes_nothing(seen: list[Seen]) -> None:
    company = Company()
    company.see(*seen)
    n, before = company.state.n, company.state.customer.copy()
    again = resolve(company.state, rows_of(company.state, seen, 1))
    assert company.state.n == n
    assert not again.links
    assert (company.state.customer[:n] == before[:n]).all()
