"""Files on their pages: brought in pieces, looked at, corrected, taken in by a job, and found again."""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from regard.apps.intake.importing import history, projecting, uploads
from regard.apps.intake.importing.tasks import run_import
from regard.apps.intake.models import FileImport
from regard.apps.journal import jobs, queries
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import ROLES, Part
from regard.apps.organisation.services import create_member
from regard.webkit.boot import make_data_dir

pytestmark = pytest.mark.django_db(transaction=True)
SURVEY = (
    "RESPNUM,DAY,Q7FOOD,Q7SHOPS,Q7ALL,NETPRO,EMAIL_NOTE,COLOUR\n"
    + "".join(f"{n},{10 + n % 9},{n % 6},{1 + n % 5},{1 + n % 5},{n % 11},fine,red\n" for n in range(40))
    + "41,12,5,4,3,11,bad,red\n"
)


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    folder = tmp_path / "data"
    make_data_dir(folder)
    settings.REGARD = dataclasses.replace(
        settings.REGARD, data_dir=folder, warehouse_url=str(folder / "warehouse")
    )
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a server beside it, the job projects what it staged."""
    monkeypatch.setattr(projecting, "Waiting", projecting.Beside)


def signed_in(role: str = "analyst") -> Client:
    card = create_member(email=f"{role}@example.com", role=role)
    client = Client()
    client.force_login(Member.objects.get(pk=card.id))
    return client


def bring(client: Client, content: bytes | str, name: str = "survey.csv", piece: int = 500) -> str:
    """Bring a file in pieces; the address of its page, or what is wrong with it."""
    data = content.encode() if isinstance(content, str) else content
    begun = client.post("/import/begin/", {"name": name, "size": len(data)}).json()
    if "problem" in begun:
        return str(begun["problem"])
    answer: dict[str, str] = {}
    for at in range(0, len(data), piece):
        answer = client.post(
            f"{begun['piece']}?at={at}", data[at : at + piece], content_type="application/octet-stream"
        ).json()
    return str(answer.get("page") or answer["problem"])


def take_in(address: str) -> None:
    """What the server's worker does with the job."""
    import_id = int(address.strip("/").rpartition("/")[2])
    row = FileImport.objects.get(pk=import_id)
    assert row.state == "waiting"
    held = jobs.claim(datetime.now(UTC) + timedelta(seconds=1))
    assert held is not None
    assert held.payload == {"import": import_id}
    run_import(held.payload, datetime.now(UTC))


@pytest.mark.parametrize("role", [role.key for role in ROLES])
def test_only_those_who_may_import_see_the_pages(role: str) -> None:
    client = signed_in(role)
    row = uploads.begin_upload("a.csv", 3, brought_by=Member.objects.get().pk)
    is_open = Part.IMPORTS in ROLES.get(role).parts
    assert client.get("/import/").status_code == (200 if is_open else 403)
    for address in ("begin/", f"{row.id}/piece/", f"{row.id}/discard/"):
        answer = client.post(f"/import/{address}", {"name": "b.csv", "size": "0"})
        assert (answer.status_code == 403) is not is_open, address
    assert Client().get("/import/").status_code == 302


def test_a_survey_is_brought_corrected_and_taken_in() -> None:
    client = signed_in()
    address = bring(client, SURVEY)
    page = client.get(address).content.decode()
    assert "Nothing says when it happened" in page
    assert "it also holds 11" in page
    assert "It tells who somebody is: it stays behind." in page
    number = {name: i for i, name in enumerate(SURVEY.split("\n")[0].split(","))}
    choices = {
        "source": "airport",
        "occurred_at": "2017-05-{DAY}",
        "blank": "0",
        f"c{number['Q7ALL']}": "csat",
        f"c{number['NETPRO']}": "nps",
        f"c{number['NETPRO']}-missing": "11",
    }
    part = client.post(address, choices, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "None of them will be refused." in part
    answer = client.post(address, {**choices, "do": "import"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert "waits for its turn" in client.get(address).content.decode()
    take_in(address)
    row = history.list_imports()[0]
    assert (row.state, row.n_rejected, row.source) == ("done", 0, "airport")
    told = client.get(f"{address}progress/")
    assert told["HX-Redirect"] == "/?source=airport"
    shown = client.get(address).content.decode()
    assert "rows read" in shown
    assert 'href="/?source=airport"' in shown
    assert not (settings.REGARD.data_dir / row.path).exists()
    assert "taken in" in client.get("/import/").content.decode()


def test_orders_with_ratings_are_told_to_be_both_until_all_rows_are_said_to_be_one_thing() -> None:
    client = signed_in()
    orders = "Order ID,Customer,Order date,Amount,Rating,What could we improve?\n" + "".join(
        f"{i},c{i % 5},2026-03-{1 + i % 28:02},{i}.50,{1 + i % 5},The parcel came {i} days too late.\n"
        for i in range(40)
    )
    address = bring(client, orders, name="orders.csv")
    page = client.get(address).content.decode()
    assert "Each row is two: the order with this amount, and the answer." in page
    assert "Its name asks for words (“improve”), and it holds them: 100% of its values differ" in page
    assert "80 interactions from the first 40 rows" in page
    one = client.post(address, {"source": "shop", "kind": "survey.answered"}, headers={"HX-Request": "true"})
    assert "Each row is two" not in one.content.decode()
    assert "40 interactions from the first 40 rows" in one.content.decode()
    two = client.post(address, {"source": "shop", "kind": ""}, headers={"HX-Request": "true"})
    assert "Each row is two" in two.content.decode()
    client.post(address, {"source": "shop", "do": "import"})
    take_in(address)
    assert (history.list_imports()[0].state, history.list_imports()[0].n_rejected) == ("done", 0)


def test_refused_rows_are_counted_and_lead_to_where_they_can_be_corrected() -> None:
    client = signed_in("administrator")
    address = bring(client, SURVEY)
    client.post(address, {"source": "airport", "occurred_at": "2017-05-01", "do": "import"})
    take_in(address)
    row = history.list_imports()[0]
    assert row.n_rejected == 1
    assert "/operations/quarantine/?source=airport" in client.get(address).content.decode()
    [item] = queries.list_quarantine()
    assert client.get(f"/operations/quarantine/{item.id}/").status_code == 200


def test_answers_on_another_scale_are_shown_as_refused_until_it_is_declared() -> None:
    client = signed_in()
    rows = "".join(f"u{n},2026-05-01,csat,{1 + n % 10}\n" for n in range(50))
    address = bring(client, "customer,occurred_at,metric,score\n" + rows)
    assert "csat holds values up to 10" in client.get(address).content.decode()
    answer = client.post(address, {"source": "tens", "c2": "metric", "c3": "score", "do": "import"})
    assert "csat holds values up to 10" in answer.content.decode()
    declared = {"source": "tens", "c0": "customer", "c1": "occurred_at", "c2": "metric", "c3": "score"}
    part = client.post(address, {**declared, "c3-low": "1", "c3-high": "10"}, headers={"HX-Request": "true"})
    assert "None of them will be refused." in part.content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"occurred_at": "2017-05-{TAG}"}, "„TAG”"),
        ({"source": "Übersee"}, "Źródło nazywa się znakami a-z"),
        ({"zone": "Mars"}, "Nie ma strefy czasowej „Mars”"),
        ({"c3": "customer", "c4": "customer"}, "„Q7SHOPS” i „Q7ALL” nie mogą być jednocześnie"),
    ],
)
def test_what_cannot_be_is_refused_in_the_readers_language_and_spoils_nothing(
    wrong: dict[str, str], says: str
) -> None:
    client = signed_in()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "pl"
    address = bring(client, SURVEY)
    for headers in ({"HX-Request": "true"}, {}):
        answer = client.post(
            address, {"source": "airport", "occurred_at": "2017-05-01", **wrong}, headers=headers
        )
        assert answer.status_code == 200
        assert says in answer.content.decode()
    assert client.get(address).status_code == 200


def test_pieces_may_come_again_but_none_may_be_missing() -> None:
    client = signed_in()
    data = SURVEY.encode()
    piece = client.post("/import/begin/", {"name": "s.csv", "size": len(data)}).json()["piece"]

    def send(at: int, content: bytes) -> dict[str, object]:
        answer = client.post(f"{piece}?at={at}", content, content_type="application/octet-stream")
        return dict(answer.json())

    assert send(0, data[:300]) == {"at": 300}
    assert send(0, data[:300]) == {"at": 300}
    assert "missing" in str(send(600, data[600:]))
    assert "larger" in str(send(300, data))
    assert "page" in send(300, data[300:])


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "The file is empty."),
        ("report.pdf", b"%PDF-1.5 ...", "PDF"),
        ("book.xlsx", b"PK\x03\x04....", "save the sheet as CSV"),
        ("junk.csv", bytes(range(256)) * 8, "not a table of text"),
    ],
)
def test_what_is_no_table_is_said_at_once(name: str, content: bytes, says: str) -> None:
    assert says in bring(signed_in(), content, name=name)
    assert not FileImport.objects.filter(state="done").exists()


def test_a_file_too_large_for_the_disk_is_refused_before_it_travels() -> None:
    answer = signed_in().post("/import/begin/", {"name": "a.csv", "size": 10**15})
    assert (answer.status_code, "too large" in answer.json()["problem"]) == (400, True)


def test_without_scripts_the_file_comes_whole() -> None:
    client = signed_in()
    answer = client.post("/import/", {"file": SimpleUploadedFile("../../orders.csv", SURVEY.encode())})
    assert answer.status_code == 302
    [row] = FileImport.objects.all()
    assert "/" not in row.file
    assert row.path == f"tmp/imports/{row.pk}/{row.file}"


def test_two_columns_that_cannot_be_the_same_are_named_and_nothing_is_taken_in() -> None:
    client = signed_in()
    address = bring(client, SURVEY)
    answer = client.post(
        address, {"c6": "customer", "c7": "customer", "occurred_at": "2017-05-01", "do": "import"}
    )
    assert "cannot both be “Customer number”" in answer.content.decode()
    assert FileImport.objects.get().state == "draft"


def test_a_draft_can_be_left_and_an_old_one_is_forgotten() -> None:
    client = signed_in()
    first, second = bring(client, SURVEY), bring(client, SURVEY)
    client.post(f"{first}discard/")
    assert FileImport.objects.count() == 1
    FileImport.objects.update(moved_at=datetime.now(UTC) - timedelta(days=8))
    assert uploads.discard_old_drafts(datetime.now(UTC)) == 1
    assert client.get(second).status_code == 404
    assert not any((settings.REGARD.temporary_dir / "imports").iterdir())


def test_an_import_that_was_killed_goes_on_when_its_job_is_done_again() -> None:
    client = signed_in()
    address = bring(client, SURVEY)
    client.post(address, {"occurred_at": "2017-05-01", "do": "import"})
    FileImport.objects.update(state="running")
    assert "It was stopped" not in client.get(address).content.decode()
    FileImport.objects.update(moved_at=datetime.now(UTC) - timedelta(minutes=5))
    assert "It was stopped and goes on by itself" in client.get(address).content.decode()
    FileImport.objects.update(state="waiting")
    take_in(address)
    assert FileImport.objects.get().state == "done"


def test_a_file_that_waits_is_seen_by_nobody_else() -> None:
    address = bring(signed_in(), SURVEY)
    other = signed_in("administrator")
    assert other.get(address).status_code == 404
    assert other.post(f"{address}discard/").status_code == 404
    assert FileImport.objects.count() == 1


WEEKDAYS = "day,id,csat\n" + "".join(
    f"{day},{at},4\n"
    for at, day in enumerate(
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday 2026-05-04".split() * 3
    )
)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "In column “day” these are no times in the form expected: “Monday”, “Tuesday”"),
        ("el", "Στη στήλη «day» αυτά δεν είναι χρόνοι στη μορφή που περιμέναμε: “Monday”"),
    ],
)
def test_rows_refused_for_every_weekday_are_told_once(language: str, says: str) -> None:
    client = signed_in()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    address = bring(client, WEEKDAYS)
    page = client.post(
        address, {"c0": "occurred_at", "c2": "csat", "source": "week"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert says in page
    assert page.count("Monday,0,4") == 1
    assert page.count("<pre>") == 1
    assert "<b>21 ×</b>" in page


OWN_QUESTIONS = "id,when,Q1,Q2\n" + "".join(
    f"{at},2026-05-{at + 1:02d},{at % 5 + 1},{5 - at % 5}\n" for at in range(20)
)


@pytest.mark.parametrize(("role", "to"), [("analyst", "/explore/"), ("administrator", "/?source=own")])
def test_a_survey_of_own_questions_leads_to_them_in_the_explorer(role: str, to: str) -> None:
    client = signed_in(role)
    address = bring(client, OWN_QUESTIONS)
    client.post(
        address,
        {"c1": "occurred_at", "c2": "question", "c3": "question", "source": "own", "do": "import"},
    )
    take_in(address)
    page = client.get(address).content.decode()
    [figures] = re.findall(r'<a class="btn" href="([^"]+)"', page)
    assert figures.startswith(to)
    shown = client.get(html.unescape(figures)).content.decode()
    if role == "analyst":
        assert {"q1", "q2"} <= set(re.findall(r'<a href="/explore/behind/[^"]+">(q\d)</a>', shown))
        assert "40" in shown


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv.gz", b"\x1f\x8b\x08\x00broken", "Το συμπιεσμένο αρχείο είναι χαλασμένο"),
        ("a.ndjson", b"{}\n{}\n", "Το αρχείο δεν έχει γραμμή που να είναι αντικείμενο JSON"),
        ("old.xls", b"\xd0\xcf\x11\xe0....", "βιβλίο εργασίας παλιού Excel"),
        ("a.csv", b"customer,occurred_at,kind,kind\nu,2026-05-01,a,b\n", "λέγονται όλες «kind»"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_the_readers_language(
    name: str, content: bytes, says: str
) -> None:
    client = signed_in()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "el"
    assert says in bring(client, content, name=name)


def test_a_scale_that_is_another_is_told_in_the_readers_language_also_where_it_was_kept_in_english() -> None:
    client = signed_in()
    rows = "".join(f"u{n},2026-05-01,csat,{1 + n % 10}\n" for n in range(50))
    address = bring(client, "customer,occurred_at,metric,score\n" + rows)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"
    assert "csat содержит значения до 10; его шкала от 1 до 5" in client.get(address).content.decode()
    told = "There is no column 'TAG'. Did you mean 'DAY'? Known: DAY, Q7."
    FileImport.objects.update(state="failed", message=told)
    assert "«TAG»" in client.get(address).content.decode()
