"""An erasure takes a person or a period from every place, once, whatever interrupts it; and it does not come back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import lz4.frame
import pytest
from django.db import transaction

from regard.apps.customers import queries, services
from regard.apps.customers.erasing import steps
from regard.apps.customers.erasing.carrying import put, read, take
from regard.apps.customers.erasing.checkup import look_at_erasures
from regard.apps.customers.erasing.proof import make_proof
from regard.apps.customers.holders import HOLDERS, Holder, Scope
from regard.apps.customers.models import Account, Erased, Identifier
from regard.apps.customers.policy import Kind
from regard.apps.intake.exporting.bringing_back import import_folder
from regard.apps.intake.exporting.services import export
from regard.apps.intake.importing import uploads
from regard.apps.intake.models import Source
from regard.apps.journal import projector as projector_module
from regard.apps.journal import queries as journal
from regard.apps.journal import services as journal_services
from regard.apps.journal.errands import ERRANDS
from regard.apps.journal.facts import Fact
from regard.apps.journal.models import Job, Quarantine, Segment
from regard.apps.journal.projector import Projector
from regard.kernel.errors import InvalidInput
from regard.kernel.ids import interaction_id
from regard.warehouse.log import Log

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EARLIER = NOW - timedelta(days=300)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.REGARD = replace(settings.REGARD, data_dir=tmp_path, warehouse_url=str(tmp_path / "warehouse"))
    (tmp_path / "staged").mkdir()
    for key in ("shop", "desk"):
        Source.objects.create(key=key, title=key, write_key=key)
    return tmp_path


@pytest.fixture
def project() -> Callable[[], None]:
    """Projects and does all errands, each time as a process that has just begun."""

    def run() -> None:
        projector = Projector(now=lambda: NOW)
        try:
            projector.drain()
        finally:
            projector.stop()

    return run


def tell(number: int, *, at: datetime = NOW, source: str = "shop", **who: Any) -> None:
    """One interaction of somebody."""
    fact = Fact(message_id=f"{source}-{number}", kind="thing.done", occurred_at=at, **who)
    journal_services.record([fact], source=source, now=NOW)


def call(*items: dict[str, Any], source: str = "shop") -> None:
    """Calls of the tracking API."""
    lines = [
        json.dumps(
            {
                "r": int(NOW.timestamp() * 1e6),
                "s": 0,
                "y": "track",
                "m": item["messageId"],
                "k": source,
                "e": item,
            }
        )
        for item in items
    ]
    ids = b"".join(interaction_id(source, item["messageId"]) for item in items)
    with transaction.atomic():
        journal_services.append_segment(
            source=source,
            codec="tracking",
            body=lz4.frame.compress("\n".join(lines).encode()),
            ids=ids,
            n=len(items),
            received_at=NOW,
        )


def log_rows(folder: Path) -> list[str]:
    files = list(Log.open(folder / "warehouse").snapshot().files["interactions"])
    if not files:
        return []
    rows = duckdb.connect().execute("SELECT kind, occurred_at FROM read_parquet($1) ORDER BY ALL", [files])
    return [f"{kind} {occurred_at:%Y}" for kind, occurred_at in rows.fetchall()]


def bodies() -> str:
    return " ".join(
        lz4.frame.decompress(bytes(body)).decode() for body in Segment.objects.values_list("body", flat=True)
    )


def erased(number: int) -> dict[str, int]:
    proof = make_proof(number, NOW)
    assert proof is not None
    assert proof.erased_at is not None, proof.last_error
    return proof.erased


def test_a_customer_goes_from_every_place_and_the_proof_counts_them(folder: Path, project: Any) -> None:
    tell(1, user_id="ada", email="ada@x.org", account="Lovelace", traits={"plan": "pro"}, text="Hello")
    tell(2, user_id="bo", email="bo@x.org", account="Baker")
    call({"messageId": "t1", "userId": "ada", "event": "Survey Answered", "properties": {"nps": 11}})
    Job.objects.create(kind="letter", payload={"to": "ada@x.org"}, run_at=NOW)
    Job.objects.create(kind="letter", payload={"to": "bo@x.org"}, run_at=NOW)
    project()
    assert Quarantine.objects.count() == 1
    [ada] = queries.find_customers("ada")
    number = services.forget(ada, by="boss@x.org", now=NOW)
    project()
    found = erased(number)
    assert {place: n for place, n in found.items() if n} == {
        "identifiers": 2, "links": 1, "traits": 1, "accounts": 1,
        "journal": 2, "quarantine": 1, "jobs": 1, "log": 1, "log_identities": 1, "log_memberships": 1, "log_traits": 1,
    }  # fmt: skip
    assert "ada" not in bodies()
    assert "bo@x.org" in bodies()
    assert log_rows(folder) == ["thing.done 2026"]
    assert list(Account.objects.values_list("key", flat=True)) == ["Baker"]
    assert queries.find_customers("bo@x.org")


def test_what_carries_an_erased_identifier_is_dropped_and_counted_until_it_is_lifted(
    folder: Path, project: Any
) -> None:
    tell(1, user_id="ada", email="ada@x.org")
    project()
    number = services.forget(*queries.find_customers("ada"), now=NOW)
    project()
    tell(2, user_id="ada-again", email="Ada@X.org", source="desk")
    call({"messageId": "t1", "userId": "ada", "event": "Survey Answered", "properties": {"nps": 11}})
    tell(3, user_id="bo")
    project()
    assert (log_rows(folder), Quarantine.objects.count()) == (["thing.done 2026"], 0)
    assert journal.count_refused() == 2
    assert "ada" not in bodies()
    services.lift(number, now=NOW)
    tell(4, user_id="ada")
    project()
    assert len(log_rows(folder)) == 2
    assert not queries.is_erased(Kind.USER, "ada", source="shop")


def test_what_was_decoded_ahead_is_not_used_when_somebody_was_erased_meanwhile(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector_module, "MOST_ITEMS", 1)
    tell(1, user_id="ada")
    tell(2, user_id="bo")
    tell(3, user_id="ada")
    projector = Projector(now=lambda: NOW)
    projector.run_once()
    projector.run_once()
    assert [one.n for one in projector.begin().ahead.segments] == [1], "the third stands decoded"
    services.forget(*queries.find_customers("ada"), now=NOW)
    projector.drain()
    projector.stop()
    assert log_rows(folder) == ["thing.done 2026"]
    assert "ada" not in bodies()


def test_a_period_goes_with_those_of_whom_nothing_else_is_known(folder: Path, project: Any) -> None:
    tell(1, at=EARLIER, user_id="ada", text="old words")
    tell(2, user_id="ada", text="new words")
    tell(3, at=EARLIER, user_id="bo")
    project()
    number = services.forget_period(EARLIER - timedelta(days=1), EARLIER + timedelta(days=1), now=NOW)
    project()
    assert (erased(number)["log"], erased(number)["identifiers"]) == (2, 1)
    assert "old words" not in bodies()
    assert "new words" in bodies()
    assert log_rows(folder) == ["thing.done 2026"]
    assert (queries.find_customers("bo"), Erased.objects.count()) == ([], 0)
    tell(4, at=EARLIER, user_id="ada")
    tell(5, user_id="bo")
    project()
    assert (len(log_rows(folder)), journal.count_refused()) == (2, 1), "the period stays empty; Bo may come"


def test_an_address_that_several_share_erases_nobody_and_goes_with_the_last_of_them(project: Any) -> None:
    tell(1, user_id="ada", email="home@x.org")
    tell(2, user_id="bo", email="home@x.org")
    project()
    with pytest.raises(InvalidInput, match="Several customers share"):
        services.forget_identifier(Kind.EMAIL, "home@x.org", now=NOW)
    services.forget(*queries.find_customers("ada"), now=NOW)
    project()
    assert queries.find_identity(Kind.EMAIL, "home@x.org") is not None
    tell(3, user_id="bo", email="home@x.org")
    project()
    assert journal.count_refused() == 0, "Bo goes on"
    services.forget(*queries.find_customers("bo"), now=NOW)
    project()
    assert Identifier.objects.count() == 0


def test_somebody_who_only_ever_stood_in_quarantine_is_erased_there(project: Any) -> None:
    call({"messageId": "t1", "userId": "7", "event": "Survey Answered", "properties": {"nps": 11}})
    call({"messageId": "t2", "userId": "8", "event": "Survey Answered", "properties": {"nps": 7.5}})
    project()
    number = services.forget_identifier(Kind.USER, "7", source="shop", now=NOW)
    project()
    assert (erased(number)["quarantine"], Quarantine.objects.count()) == (1, 1)


@pytest.mark.parametrize("step", list(steps.STEPS))
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_around_any_step_leaves_what_the_next_start_completes(
    folder: Path, project: Any, monkeypatch: pytest.MonkeyPatch, step: str, moment: str
) -> None:
    tell(1, user_id="ada", email="ada@x.org", traits={"plan": "pro"})
    tell(2, user_id="bo")
    project()
    number = services.forget(*queries.find_customers("ada"), at_once=True, now=NOW)

    class Crash(BaseException):
        """As a kill."""

    def crash(work: steps.Work) -> bool:
        if moment == "after":
            real(work)
        raise Crash

    real = steps.STEPS[step]
    with monkeypatch.context() as patched:
        patched.setitem(steps.STEPS, step, crash)
        with pytest.raises(Crash):
            project()
    project()
    found = {place: n for place, n in erased(number).items() if n}
    assert found == {
        "identifiers": 2, "links": 1, "traits": 1, "journal": 1, "log": 1, "log_identities": 1, "log_traits": 1
    }  # fmt: skip
    assert (queries.list_erasures()[0].done_at, log_rows(folder)) == (NOW, ["thing.done 2026"])


def test_a_failing_step_is_shown_and_the_journal_is_read_on(
    folder: Path, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(1, user_id="ada")
    project()
    services.forget(*queries.find_customers("ada"), now=NOW)

    def fail(work: steps.Work) -> bool:
        raise OSError("disk full")

    monkeypatch.setitem(steps.STEPS, "log", fail)
    monkeypatch.setattr(ERRANDS.get("erasing"), "_not_before", None)
    tell(2, user_id="bo")
    project()
    assert len(log_rows(folder)) == 2
    assert queries.list_erasures(is_open=True)[0].last_error == "log: OSError"
    monkeypatch.setattr(ERRANDS.get("erasing"), "_not_before", None)


def test_other_slices_erase_their_rows_and_are_looked_at_again(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {1, 2, 99}

    def erase(scope: Scope) -> int:
        gone = rows & set(scope.identities)
        rows.difference_update(gone)
        return len(gone)

    monkeypatch.setattr(HOLDERS, "_items", {})
    HOLDERS.register(Holder("letters", erase, lambda scope: len(rows & set(scope.identities))))
    tell(1, user_id="ada", email="ada@x.org")
    project()
    number = services.forget(*queries.find_customers("ada"), now=NOW)
    project()
    assert (erased(number)["letters"], rows) == (2, {99})


def test_a_file_that_nobody_took_in_yet_is_forgotten(project: Any, tmp_path: Path) -> None:
    draft = uploads.begin_upload("people.csv", 20)
    uploads.add_piece(draft.id, 0, [b"customer\nada\n"])
    tell(1, user_id="ada")
    project()
    number = services.forget(*queries.find_customers("ada"), now=NOW)
    project()
    assert erased(number)["files"] == 1
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"\nada" in path.read_bytes()]


def test_an_exported_folder_does_not_bring_back_who_was_erased(project: Any, folder: Path) -> None:
    tell(1, user_id="ada", text="Hello")
    project()
    export(folder=folder / "out", now=NOW)
    number = services.forget(*queries.find_customers("ada"), now=NOW)
    project()
    proof = make_proof(number, NOW)
    assert proof is not None
    assert [copy.path for copy in proof.exports] == [str(folder / "out")]
    Segment.objects.all().delete()  # As a Regard that holds nothing any more.
    import_folder(folder / "out", now=NOW)
    assert (queries.find_customers("ada"), log_rows(folder)) == ([], [])


def test_who_can_still_be_found_goes_before_a_disk_that_is_to_be_cleaned(project: Any) -> None:
    tell(1, user_id="ada")
    tell(2, user_id="bo")
    project()
    services.forget(*queries.find_customers("ada"), now=NOW)
    project()
    services.forget(*queries.find_customers("bo"), now=NOW)
    projector = Projector(now=lambda: NOW + steps.CLEAN_AFTER)  # When both have something to do.
    try:
        projector.run_once()
    finally:
        projector.stop()
    assert queries.find_customers("bo") == []


def test_a_number_is_never_given_again(project: Any) -> None:
    tell(1, user_id="ada")
    project()
    [ada] = queries.find_customers("ada")
    services.forget(ada, now=NOW)
    project()
    tell(2, user_id="bo")
    project()
    assert queries.find_customers("bo")[0] > ada


def test_a_restored_store_erases_again_what_was_known_or_proven_to_be_erased(
    project: Any, tmp_path: Path
) -> None:
    tell(1, user_id="ada")
    tell(2, user_id="bo")
    tell(3, at=EARLIER, user_id="cleo")
    project()
    before = {row["identity_id"]: row for row in Identifier.objects.values()}
    services.forget(*queries.find_customers("ada"), now=NOW)
    project()
    of_ada = take().digests
    number = services.forget(*queries.find_customers("bo"), now=NOW)
    services.forget_period(EARLIER - timedelta(days=1), EARLIER + timedelta(days=1), now=NOW)
    project()
    known = take()
    proof = make_proof(number, NOW)
    assert proof is not None
    (tmp_path / "proof.json").write_text(json.dumps(proof.as_json()))
    # As after a restore: the store knows the people and nothing of the erasures.
    Erased.objects.all().delete()
    Identifier.objects.bulk_create(Identifier(**row) for row in before.values())
    with pytest.raises(InvalidInput, match="no proof"):
        read([tmp_path / "nothing.json"])
    half = replace(known, digests=of_ada)
    put([half, *read([tmp_path / "proof.json"])], NOW)
    project()
    assert set(Identifier.objects.values_list("value", flat=True)) <= {"cleo"}
    assert Erased.objects.count() == 2
    other = replace(known, secret="of another installation")
    Erased.objects.all().delete()
    put([other], NOW)
    assert Erased.objects.count() == 0, "hashes keyed otherwise say nothing"


def test_a_period_that_is_not_over_is_refused() -> None:
    for start, end in ((NOW, NOW), (NOW, NOW + timedelta(hours=1)), (NOW, EARLIER)):
        with pytest.raises(InvalidInput, match="is over"):
            services.forget_period(start, end, now=NOW)


def test_the_doctor_names_what_is_late_and_copies_that_are_kept_too_long(
    project: Any, tmp_path: Path
) -> None:
    assert list(look_at_erasures()) == []
    tell(1, user_id="ada")
    project()
    backup = tmp_path / "old.tar"
    backup.touch()
    journal_services.note_copy("backup", backup, now=EARLIER)
    journal_services.note_copy("backup", tmp_path / "gone.tar", now=EARLIER)
    (tmp_path / "before-restore-20260101-000000").mkdir()
    services.forget(*queries.find_customers("ada"), at_once=True, now=datetime.now(UTC) - timedelta(hours=3))
    states = [(one.subject, one.state) for one in look_at_erasures()]
    assert states == [("erasures", "bad"), ("backups", "poor"), ("backups", "poor")]
    project()
    found = list(look_at_erasures())
    assert (found[0].state, found[0].says) == ("good", "1 asked for; 0 items refused since")
    assert str(backup) in found[1].says
