"""Whom a text names: found wherever senders put identifiers, and not where a rating happens to look like one."""

from __future__ import annotations

import pytest

from regard.apps.customers.erasing import mentions
from regard.apps.customers.erasing.mentions import identifiers_in, source_in
from regard.apps.customers.policy import Kind


@pytest.mark.parametrize(
    ("raw", "kind", "value"),
    [
        ('{"userId": "7"}', Kind.USER, "7"),
        ('{"e": {"anonymousId": "a-1"}, "k": "shop"}', Kind.ANONYMOUS, "a-1"),
        ('{"traits": {"Email": "Ada@X.org"}}', Kind.EMAIL, "ada@x.org"),
        ('{"note": "write to ada@x.org, please"}', Kind.EMAIL, "ada@x.org"),
        ('{"phone": "+44 20 7946 0018"}', Kind.PHONE, "+442079460018"),
        ('{"list": [{"user_id": 42}]}', Kind.USER, "42"),
        ("ada-17,11,nps", Kind.USER, "ada-17"),
        ('"Lovelace, Ada";ada@x.org;11', Kind.EMAIL, "ada@x.org"),
        ("7;+442079460018;11", Kind.PHONE, "+442079460018"),
    ],
)
def test_identifiers_are_found(raw: str, kind: Kind, value: str) -> None:
    assert (kind, value) in set(identifiers_in(raw))


def test_a_rating_in_a_line_of_unknown_columns_is_no_user_id() -> None:
    assert (Kind.USER, "11") not in set(identifiers_in("ada-17,11,nps"))


def test_a_line_is_read_by_the_columns_that_its_import_remembers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mentions, "LINE_READERS", [lambda file, source, raw: {"user_id": raw.split(",")[0]}])
    assert set(identifiers_in("7,1234", file="a.csv", source="shop")) == {(Kind.USER, "7")}


def test_a_journaled_item_says_its_source() -> None:
    assert (source_in('{"k": "shop"}'), source_in('{"source": "desk"}'), source_in("7,8")) == (
        "shop",
        "desk",
        None,
    )
