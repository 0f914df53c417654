"""People are found by what they are called, whether the index has followed already or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from regard.apps.customers import indexing, queries, writing
from regard.apps.customers.models import Findable, Identifier
from regard.apps.customers.policy import Kind

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def add(identity: int, value: str, kind: Kind = Kind.USER, source: str = "shop") -> None:
    Identifier.objects.create(
        identity_id=identity,
        kind=kind.key,
        source=source,
        value=value,
        digest=identity.to_bytes(16),
        customer_id=identity,
    )


def follow(*, most: int = indexing.PIECE) -> None:
    indexing.follow(lambda: None, most=most)


def test_somebody_is_found_before_and_after_the_index_has_followed() -> None:
    add(1, "u-10")
    add(2, "ada@x.org", Kind.EMAIL, "")
    follow(most=1)
    add(3, "u-11")
    for _ in range(2):
        assert queries.find_customers("u-1") == [1, 3]
        assert queries.find_customers("u-11") == [3]
        assert queries.find_customers("Ada@x.org") == [2]
        assert queries.find_identity(Kind.USER, "u-10", source="shop") == 1
        assert queries.find_identity(Kind.USER, "u-10", source="desk") is None
        follow()
        follow()
    assert [row.value for row in Findable.objects.order_by("value")] == ["ada@x.org", "u-10", "u-11"]


def test_nobody_is_searched_by_an_anonymous_id_but_it_can_be_asked_for() -> None:
    add(1, "7f3a", Kind.ANONYMOUS)
    follow()
    assert (queries.find_customers("7f3a"), Findable.objects.count()) == ([], 0)
    assert queries.find_identity(Kind.ANONYMOUS, "7f3a", source="shop") == 1


def test_a_piece_that_was_cut_short_comes_to_the_same_when_it_is_done_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writing, "CHUNK", 2)
    for number in range(1, 8):
        add(number, f"u-{9 - number}")
    left = 2

    def check() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError), transaction.atomic():
        indexing.follow(check)
    follow()
    assert Findable.objects.count() == 7
    assert queries.find_customers("u-") == [7, 6, 5, 4, 3, 2, 1]


def test_who_is_forgotten_leaves_the_index_and_nobody_else_does() -> None:
    add(1, "same")
    add(2, "same", source="desk")
    follow()
    indexing.forget([1])
    assert [row.identity_id for row in Findable.objects.all()] == [2]


def test_the_index_follows_when_there_is_much_or_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "MANY", 3)
    following = indexing.Following()
    assert not following.is_due(NOW)
    add(1, "u-1")
    assert not following.is_due(NOW)  # Looked a moment ago.
    assert not following.is_due(NOW + timedelta(seconds=2))
    assert following.is_due(NOW + timedelta(seconds=63))
    follow()
    assert not following.is_due(NOW + timedelta(seconds=65))
    for number in (2, 3, 4):
        add(number, f"u-{number}")
    assert following.is_due(NOW + timedelta(seconds=67))
