"""Quarantine: searched, narrowed, tried again and given up, one by one and many at once."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth import get_user_model
from django.utils import translation

from regard.apps.journal import queries
from regard.apps.journal.queries import Aside
from regard.apps.journal.web.tests.test_operations import RAW, member, set_aside
from regard.apps.journal.words import REASONS
from regard.apps.organisation.models import Unit
from regard.apps.organisation.queries import list_readings

pytestmark = pytest.mark.django_db


def item(n: int, **properties: object) -> str:
    return json.dumps(
        {"type": "track", "messageId": f"m-{n}", "userId": "ada", "event": "Seen", "properties": properties}
    )


def test_items_are_narrowed_by_source_reason_and_words() -> None:
    set_aside(item(1, colour="green"), source="shop", reason="no_event")
    set_aside(item(2, colour="blue"), source="web", reason="no_event")
    set_aside(item(3, colour="blue"), source="web", reason="time_too_old", file="orders.csv", line=7)
    client = member("administrator")

    def found(query: str) -> int:
        return client.get(f"/operations/quarantine/?{query}").content.decode().count('class="tick"')

    assert [found(q) for q in ("", "source=web", "reason=no_event", "q=BLUE", "q=orders.csv")] == [
        3,
        2,
        2,
        2,
        1,
    ]
    assert [
        found(q) for q in ("source=web&reason=no_event", "state=replayed", "state=x&page=-1&q=%00%25")
    ] == [1, 0, 0]


def test_a_percent_sign_is_a_word_like_any_other() -> None:
    set_aside(item(1, off="50%"))
    set_aside(item(2, off="none"))
    assert queries.count_aside(Aside(text="50%")) == 1


def test_a_long_list_comes_in_pages_the_newest_first() -> None:
    for n in range(60):
        set_aside(item(n))
    client = member("administrator")
    first, second = (client.get(f"/operations/quarantine/?page={n}").content.decode() for n in (1, 2))
    assert first.count('class="tick"') == 50
    assert "m-59" in first
    assert second.count('class="tick"') == 10


def test_ticked_items_are_tried_again_as_they_stand() -> None:
    good, broken = set_aside(item(1)), set_aside("not json")
    answer = member("administrator").post(
        "/operations/quarantine/replay/", {"id": [good, broken]}, follow=True
    )
    page = answer.content.decode()
    assert "1 item is tried again." in page
    assert "1 item has to be corrected first." in page
    assert [queries.find_quarantined(one).state for one in (good, broken)] == ["replayed", "open"]  # type: ignore[union-attr]


def test_all_that_was_found_is_discarded_and_nothing_else() -> None:
    mine, other = set_aside(item(1), source="shop"), set_aside(item(2), source="web")
    member("administrator").post(
        "/operations/quarantine/discard/", {"all": "1", "source": "shop", "state": "open"}
    )
    states = [queries.find_quarantined(one).state for one in (mine, other)]  # type: ignore[union-attr]
    assert states == ["discarded", "open"]


def test_nothing_ticked_changes_nothing() -> None:
    one = set_aside(RAW)
    client = member("administrator")
    for verb in ("replay", "discard"):
        client.post(f"/operations/quarantine/{verb}/", {"id": ["x", "", "9" * 30]})
    assert queries.find_quarantined(one).state == "open"  # type: ignore[union-attr]


@pytest.mark.parametrize("role", ["executive", "manager", "frontline", "analyst"])
def test_nobody_else_may_bring_anything_back(role: str) -> None:
    one = set_aside(RAW)
    client = member(role)
    for verb in ("replay", "discard"):
        assert client.post(f"/operations/quarantine/{verb}/", {"id": one}).status_code == 403
    assert queries.find_quarantined(one).state == "open"  # type: ignore[union-attr]


def test_every_reason_that_can_be_given_is_told_in_words() -> None:
    from regard.apps.intake.tracking.reading import REASONS as tracked
    from regard.apps.journal.projection.verdicts import SENTENCES
    from regard.warehouse.files.rows import _SENTENCES as of_files

    assert {*tracked, *SENTENCES, *of_files} <= set(REASONS)


def test_why_it_was_not_taken_is_told_in_the_reader_s_language() -> None:
    one = set_aside(RAW, reason="no_event", message="A track call needs the name of its event.")
    page = member("administrator").get(f"/operations/quarantine/{one}/", headers={"accept-language": "pl"})
    assert "Zdarzenie nie ma nazwy" in page.content.decode()


def test_who_reads_what_was_set_aside_is_written_down() -> None:
    set_aside(item(1))
    client = member("administrator")
    client.get("/operations/quarantine/")
    [row] = queries.search_quarantine(Aside())
    client.get(f"/operations/quarantine/{row.id}/")
    client.get("/operations/quarantine/?q=nothing")
    # The list and the item are the same one thing within ten minutes.
    assert [(one.what, one.about) for one in list_readings()] == [("quarantine", (row.id,))]


def test_a_greek_reader_is_told_in_greek_why_an_item_still_cannot_be_taken() -> None:
    number = set_aside(item(1))
    page = member("administrator").post(
        f"/operations/quarantine/{number}/", {"raw": '{"type": }'}, headers={"accept-language": "el"}
    )
    assert page.status_code == 400
    assert "<span>Αυτό δεν είναι JSON: δείτε τη γραμμή 1, χαρακτήρα 10.</span>" in page.content.decode()


def test_why_an_item_was_set_aside_is_told_at_length_in_the_readers_language() -> None:
    from regard.apps.intake.tracking.reading import REASONS as of_tracking
    from regard.apps.journal.projection.verdicts import SENTENCES as of_verdicts
    from regard.apps.journal.words import sentence_of
    from regard.warehouse.files.rows import _SENTENCES as of_files
    from regard.warehouse.files.unreadable import NO_TIME, OTHER_WIDTH

    rows = (NO_TIME % {"column": "day", "given": "100% 'x'"}, OTHER_WIDTH % {"given": 3, "expected": 7})
    kept = (*of_tracking.values(), *of_verdicts.values(), *of_files.values(), *rows)
    for language in ("el", "hy", "pl", "ru"):
        with translation.override(language):
            for message in kept:
                told = sentence_of(message)
                assert told.text != message
                assert not told.lang
            detailed = sentence_of(f"{of_tracking['wrong_type_of_field']} Expected `str`, got `int`.")
            assert detailed.text.endswith(". Expected `str`, got `int`.") or detailed.text.endswith(
                "։ Expected `str`, got `int`."
            )
            assert sentence_of("Something else.") == ("Something else.", "en")
    assert sentence_of(rows[0]) == (rows[0], "")


def test_who_administers_one_unit_sees_why_and_nothing_of_the_content() -> None:
    Unit.objects.create(key="north", title="North")
    number = set_aside(file="orders.csv", line=7)
    client = member("administrator")
    get_user_model().objects.update(unit="north")
    for address in (
        "/operations/quarantine/",
        "/operations/quarantine/?q=ada",
        f"/operations/quarantine/{number}/",
    ):
        page = client.get(address).content.decode()
        assert "The score lies outside its scale" in page
        assert "orders.csv:7" in page
        assert "Survey Answered" not in page
        assert "Too high." not in page
        assert 'name="id"' not in page
    assert "The score lies outside" in client.get("/operations/quarantine/?q=nobody").content.decode()
    assert client.post(f"/operations/quarantine/{number}/", {"raw": "{}"}).status_code == 200
    for verb in ("discard", "replay"):
        assert client.post(f"/operations/quarantine/{verb}/", {"id": number}).status_code == 403
    found = queries.find_quarantined(number)
    assert found is not None
    assert found.state == "open"
    assert list_readings() == []
