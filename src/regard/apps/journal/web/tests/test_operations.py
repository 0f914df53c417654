"""The operations page: what waits, what is parked, what was set aside and comes back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import lz4.frame
import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from regard.apps.journal import queries, services
from regard.apps.journal.segments import list_segments_after
from regard.apps.journal.services import Rejected

# PostgreSQL's journal is read below what open transactions may still add, the test's own among them.
pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RAW = '{"type": "track", "messageId": "m-1", "userId": "ada", "event": "Survey Answered", "properties": {"nps": 11}}'


def member(role: str) -> Client:
    """A browser in which somebody of this role is signed in."""
    user = get_user_model().objects.create_user(f"{role}@example.com", None, role=role)
    client = Client()
    client.force_login(user)
    return client


def set_aside(raw: str = RAW, **place: object) -> int:
    """One item in quarantine. Returns: its number."""
    item = {
        "source": "shop",
        "received_at": NOW,
        "reason": "score_out_of_range",
        "message": "Too high.",
        "raw": raw,
    }
    services.quarantine([Rejected(**{**item, **place})])  # type: ignore[arg-type]
    return queries.list_quarantine()[-1].id


def test_a_quiet_journal_says_so() -> None:
    page = member("administrator").get("/operations/").content.decode()
    assert "Nothing has arrived yet" in page
    assert "Nothing is parked" in page
    assert "Nothing is set aside" in page


def test_lag_arrivals_parked_batches_and_reasons_stand_on_the_page() -> None:
    seq = services.append_segment(
        source="shop", codec="tracking", body=b"x", ids=b"0" * 16, n=40, received_at=NOW
    )
    services.move_position("log", seq=seq - 1, epoch=services.current_epoch())
    services.park("log", seq=seq, position=None, reason="it broke", attempts=5, now=NOW)
    set_aside()
    page = member("administrator").get("/operations/").content.decode()
    for words in ("shop", ">40<", "it broke", "The score lies outside its scale", "waits"):
        assert words in page


@pytest.mark.parametrize("role", ["executive", "manager", "frontline", "analyst"])
@pytest.mark.parametrize("address", ["", "quarantine/", "quarantine/1/", "quarantine/discard/"])
def test_only_administrators_operate(role: str, address: str) -> None:
    client = member(role)
    assert client.get(f"/operations/{address}").status_code == 403
    assert client.post(f"/operations/{address}").status_code == 403


def test_the_list_can_be_filtered_and_what_is_hostile_stays_text() -> None:
    set_aside(raw="<script>alert(1)</script>", source="web")
    set_aside(raw="1,2,3", source="file", file="survey.csv", line=17)
    client = member("administrator")
    page = client.get("/operations/quarantine/?source=web").content.decode()
    assert "&lt;script&gt;" in page
    assert "survey.csv" not in page
    assert "survey.csv:17" in client.get("/operations/quarantine/").content.decode()
    for odd in ("?after=x", "?state=y", "?after=99999999999999999999", "?source=%00"):
        assert client.get("/operations/quarantine/" + odd).status_code == 200


def test_what_is_ticked_is_discarded_and_stays_to_be_seen() -> None:
    first, second = set_aside(), set_aside()
    client = member("administrator")
    page = client.post("/operations/quarantine/discard/", {"id": [first, "x"]}, follow=True).content.decode()
    assert "1 item discarded." in page
    assert [row.id for row in queries.list_quarantine()] == [second]
    assert [row.id for row in queries.list_quarantine(state="discarded")] == [first]


def test_an_item_comes_back_corrected_once_and_as_a_new_interaction() -> None:
    number = set_aside()
    client = member("administrator")
    address = f"/operations/quarantine/{number}/"
    assert "Bring it back" in client.get(address).content.decode()
    corrected = RAW.replace("11", "9")
    assert client.post(address, {"raw": corrected}, follow=True).status_code == 200
    (segment,) = list_segments_after(0)
    line = json.loads(lz4.frame.decompress(segment.body))
    assert line["e"]["properties"]["nps"] == 9
    assert line["m"] == "m-1:corrected"
    assert (line["k"], line["y"], segment.codec) == ("shop", "track", "tracking")
    client.post(address, {"raw": corrected})
    assert len(list_segments_after(0)) == 1


def brought_back() -> list[tuple[dict[str, Any], bytes]]:
    """The line and the id of each segment."""
    return [
        (json.loads(lz4.frame.decompress(segment.body)), segment.ids) for segment in list_segments_after(0)
    ]


def test_an_item_and_its_senders_retry_come_back_under_one_id() -> None:
    client = member("administrator")
    for number in (set_aside(), set_aside()):
        client.post(f"/operations/quarantine/{number}/", {"raw": RAW.replace("11", "9")})
    (_, first), (_, second) = brought_back()
    assert first == second


def test_items_without_an_id_of_their_own_come_back_as_two() -> None:
    client = member("administrator")
    for number in (set_aside(), set_aside()):
        client.post(f"/operations/quarantine/{number}/", {"raw": RAW.replace('"messageId": "m-1", ', "")})
    (_, first), (_, second) = brought_back()
    assert first != second


@pytest.mark.parametrize(("held", "skew"), [({"s": -5_000_000}, -5_000_000), ({}, 0), ({"s": "x"}, 0)])
def test_an_item_comes_back_with_the_time_it_was_received_and_its_clocks_skew(
    held: dict[str, object], skew: int
) -> None:
    number = set_aside()
    text = json.dumps({"r": 1, **held, "k": "shop", "y": "track", "m": "m-1", "e": json.loads(RAW)})
    member("administrator").post(f"/operations/quarantine/{number}/", {"raw": text})
    [(line, _)] = brought_back()
    assert (line["r"], line["s"]) == (int(NOW.timestamp()) * 1_000_000, skew)


@pytest.mark.parametrize("text", ["{", "[]", '"x"', '{"type": "dance"}', ""])
def test_what_still_cannot_be_read_stays_open_with_the_reason(text: str) -> None:
    number = set_aside()
    answer = member("administrator").post(f"/operations/quarantine/{number}/", {"raw": text})
    assert answer.status_code == 400
    assert "It still cannot be taken" in answer.content.decode()
    assert len(queries.list_quarantine()) == 1


def test_a_row_of_a_file_is_corrected_in_its_file() -> None:
    number = set_aside(raw="2031-01-01,ada,9", file="survey.csv", line=17)
    page = member("administrator").get(f"/operations/quarantine/{number}/").content.decode()
    assert "import the file again" in page
    assert "Bring it back" not in page
    assert member_is_told_of_no_such_item() == 404


def member_is_told_of_no_such_item() -> int:
    """The status of an item that does not exist."""
    user = get_user_model().objects.get(email="administrator@example.com")
    client = Client()
    client.force_login(user)
    return client.get("/operations/quarantine/999999/").status_code
