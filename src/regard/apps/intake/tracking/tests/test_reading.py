from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.apps.intake.queries import SourceRow
from regard.apps.intake.tracking import reading, requests
from regard.apps.intake.tracking.reading import Taken
from regard.apps.intake.tracking.requests import Refused
from regard.kernel.ids import interaction_id

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SHOP = SourceRow("shop", "Shop", "server", "key", None, 0, {}, False)


def take(*items: Any, source: SourceRow = SHOP, **envelope: Any) -> Taken:
    raw = [item if isinstance(item, bytes) else json.dumps(item).encode() for item in items]
    rest = "".join(f", {json.dumps(name)}: {json.dumps(value)}" for name, value in envelope.items()).encode()
    body = b'{"batch": [' + b",".join(raw) + b"]" + rest + b"}"
    return reading.take_batch(requests.read_batch(body), body, source, NOW)


def reasons(*items: Any, source: SourceRow = SHOP) -> list[str]:
    return [bad.reason for bad in take(*items, source=source).bad]


def test_a_line_wraps_the_item_as_it_was_sent_and_its_id_stands_beside_it() -> None:
    raw = b'{"type":"track",\n "event":"A b","userId":7, "messageId":"m\\"1", "x":1.50}'
    taken = take(raw, sentAt="2026-03-10T11:59:58Z")
    [line] = taken.lines
    wrapped = json.loads(line)
    assert {name: wrapped[name] for name in "rskym"} == {
        "r": int(NOW.timestamp()) * 10**6, "s": 2_000_000, "k": "shop", "y": "track", "m": 'm"1',
    }  # fmt: skip
    assert wrapped["e"] == json.loads(raw)
    assert b"\n" not in line
    assert taken.ids == [interaction_id("shop", 'm"1')]


def test_the_context_of_a_batch_stands_beside_each_of_its_items() -> None:
    item = {"type": "track", "event": "e", "userId": "u"}
    context = {"library": {"name": "x", "version": "1"}, "traits": {"email": "a@b.c"}, "page": {"url": "y"}}
    lines = [json.loads(line) for line in take(item, item, context=context).lines]
    assert [line["c"] for line in lines] == [{"library": {"name": "x"}, "traits": {"email": "a@b.c"}}] * 2
    for nothing in ({}, None, 3, {"library": 3}, {"traits": {"a": "\x00"}}):
        assert "c" not in json.loads(take(item, context=nothing).lines[0])
    with pytest.raises(Refused, match="4 KiB"):
        take(item, context={"traits": {"a": "x" * 5000}})


FIELDS = {
    "type": st.sampled_from(["track", "identify", "page", "group", "alias", "dance", "", None]),
    "event": st.sampled_from(["Order Completed", "", None]),
    "messageId": st.sampled_from(["m-1", 'ü "x"', "", None, 7, "y" * 301]),
    "userId": st.sampled_from(["u-1", "", None, 0, 5, "z" * 300, "z" * 301]),
    "anonymousId": st.sampled_from(["a-1", "", None, ["a"]]),
    "groupId": st.sampled_from(["g-1", "", None]),
    "previousId": st.sampled_from(["p-1", "", None]),
    "properties": st.sampled_from([{}, {"a": 1}, {"a": "x" * reading.ITEM_LIMIT}]),
}
TIME = st.just("2026-03-01T10:00:00Z")  # With it, an item without an id is given the same again.
NO_ITEMS: st.SearchStrategy[Any] = st.sampled_from([1, "x", None, []])


@given(st.lists(st.fixed_dictionaries({"timestamp": TIME}, optional=FIELDS) | NO_ITEMS, max_size=6))
def test_items_read_together_come_out_as_each_alone(items: list[Any]) -> None:
    body = json.dumps({"batch": items}).encode()
    together = reading.take_batch(requests.read_batch(body), body, SHOP, NOW)
    # A line break anywhere has the items read one by one.
    alone = reading.take_batch(requests.read_batch(body), body + b"\n", SHOP, NOW)
    assert together == alone
    assert len(together.lines) == len(together.ids) == len(items) - len(together.bad)


def test_every_kind_of_bad_item_is_named() -> None:
    good = {"type": "track", "event": "e", "userId": "u"}
    assert reasons(
        good,
        [],
        {**good, "type": "dance"},
        {**good, "userId": None},
        {**good, "userId": ""},
        {**good, "event": ""},
        {**good, "type": "group"},
        {**good, "type": "alias"},
        {**good, "userId": ["u"]},
        {**good, "userId": "u" * 301},
        {**good, "big": "x" * reading.ITEM_LIMIT},
    ) == [
        "not_an_object", "unknown_type", "no_identity", "no_identity", "no_event", "no_group", "no_previous",
        "wrong_type_of_field", "id_too_long", "too_large",
    ]  # fmt: skip


def test_text_that_no_store_could_hold_is_found_item_by_item() -> None:
    good = b'{"type":"track","event":"e","userId":"u","p":"%s"}'
    items = [
        good % text
        for text in (b"fine", b"\xff", b"\\u0000", b"\\ud800", b"\\ud83d\\ude00", "Ընկեր".encode())
    ]
    assert reasons(*items) == ["broken_text"] * 3
    assert reasons(b'{"type":"track","event":"e","userId":"u","score":NaN}') == ["broken_text"]


def test_an_item_at_the_limit_of_size_is_taken() -> None:
    item = {"type": "track", "event": "e", "userId": "u", "p": ""}
    item["p"] = "x" * (reading.ITEM_LIMIT - len(json.dumps(item)))
    assert reasons(item) == []
    item["p"] += "x"
    assert reasons(item) == ["too_large"]


def test_an_item_without_an_id_is_recognised_again_if_it_has_its_own_time() -> None:
    timed = {"type": "page", "anonymousId": "a", "timestamp": "2026-03-10T10:00:00Z"}
    assert take(timed).ids == take(timed).ids != take({**timed, "timestamp": "2026-03-10T10:00:01Z"}).ids
    untimed = {"type": "page", "anonymousId": "a"}
    assert take(untimed).ids != take(untimed).ids


def test_the_senders_clock_is_corrected_only_by_a_time_that_can_be_read() -> None:
    assert reading.skew_microseconds("2026-03-10T14:00:00+02:00", NOW) == 0
    assert reading.skew_microseconds("2026-03-10T12:00:01", NOW) == -1_000_000
    for odd in (None, 5, "yesterday", ""):
        assert reading.skew_microseconds(odd, NOW) == 0
    assert reading.skew_microseconds("1970-01-01T00:00:00Z", NOW) == (NOW - reading.EPOCH) // timedelta(
        microseconds=1
    )


def test_a_bomb_is_not_unpacked_and_a_broken_body_is_refused() -> None:
    assert requests.inflate(gzip.compress(b"{}")) == b"{}"
    for body, status in (
        (gzip.compress(b" " * 10**7), 413),
        (gzip.compress(b"{}")[:-3], 400),
        (b"plain", 400),
    ):
        with pytest.raises(Refused) as refused:
            requests.inflate(body)
        assert refused.value.status == status


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"batch": 3}', b'{"batch": [}', b"[" * 100_000, b'{"batch":[' + b"[" * 9999]
)
def test_what_is_no_batch_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(Refused):
        requests.read_batch(body)
