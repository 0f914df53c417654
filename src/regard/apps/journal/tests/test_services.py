from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import lz4.frame
import msgspec
import pytest
from django.db import connection, transaction
from pytest_django import Settings

from regard.apps.journal import queries, services
from regard.apps.journal.facts import Fact
from regard.apps.journal.recent import load_recent
from regard.apps.journal.segments import list_segments_after
from regard.apps.journal.services import Rejected
from regard.kernel.ids import interaction_id

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def append(n: int = 1, *, at: datetime = NOW, size: int = 10, path: str = "") -> int:
    body = b"" if path else b"x" * size
    return services.append_segment(
        source="shop",
        codec="facts",
        body=body,
        ids=b"" if path else b"i" * 16 * n,
        n=n,
        received_at=at,
        path=path,
    )


@pytest.mark.django_db(transaction=True)  # A reader sees what has been committed.
def test_what_is_recorded_stands_in_the_journal_with_its_id() -> None:
    fact = Fact(message_id="m-1", kind="case.opened", occurred_at=NOW, email="ada@example.org", score=4.0)
    services.record([fact], source="cases", now=NOW)
    [segment] = list_segments_after(0)
    assert segment.ids == interaction_id("cases", "m-1")
    assert msgspec.json.decode(lz4.frame.decompress(segment.body)) == {
        "source": "cases",
        "received_at": "2026-03-10T12:00:00Z",
        "message_id": "m-1",
        "kind": "case.opened",
        "occurred_at": "2026-03-10T12:00:00Z",
        "email": "ada@example.org",
        "score": 4.0,
    }


def test_what_a_rolled_back_transaction_recorded_never_happened() -> None:
    with transaction.atomic():
        services.record([Fact(message_id="m", kind="a.b", occurred_at=NOW, user_id="u")])
        transaction.set_rollback(True)
    assert queries.last_seq() == 0


def test_numbers_are_never_used_again() -> None:
    first = append()
    services.trim(passed=first, now=NOW + timedelta(days=31))
    assert queries.last_seq() == 0
    assert append() > first


@pytest.mark.django_db(transaction=True)  # A reader sees what has been committed.
def test_a_reader_gets_segments_in_order_and_no_more_bytes_than_it_asked_for() -> None:
    numbers = [append(size=1000) for _ in range(5)]
    assert [segment.seq for segment in list_segments_after(numbers[0], limit_bytes=2500)] == numbers[1:4]
    assert [segment.seq for segment in list_segments_after(numbers[0], limit_bytes=1)] == [numbers[1]]
    assert list_segments_after(numbers[-1]) == []


def test_lag_counts_what_stands_after_a_position() -> None:
    first = append(3, at=NOW)
    append(2, at=NOW + timedelta(seconds=5), size=7)
    assert queries.lag(first) == queries.Lag(1, 2, 7, NOW + timedelta(seconds=5))
    assert queries.lag(queries.last_seq()) == queries.Lag(0, 0, 0, None)


def test_only_old_segments_that_every_consumer_passed_are_trimmed(tmp_path: Path, settings: Settings) -> None:
    settings.REGARD = replace(settings.REGARD, data_dir=tmp_path)
    staged = tmp_path / "staged" / "a.parquet"
    staged.parent.mkdir()
    staged.touch()
    old = [append(at=NOW - timedelta(days=40), path="staged/a.parquet"), append(at=NOW - timedelta(days=40))]
    append(at=NOW)
    services.park("log", seq=old[1], position=None, reason="it fails", attempts=3, now=NOW)
    assert services.trim(passed=old[0] - 1, now=NOW) == 0
    assert services.trim(passed=queries.last_seq(), now=NOW) == 1, "parked ones stay"
    assert not staged.exists()


def test_an_item_set_aside_can_be_replayed_or_discarded_once() -> None:
    items = [
        Rejected(source="s", received_at=NOW, reason="no_identity", message="…", raw=f"{i}\x00")
        for i in range(3)
    ]
    services.quarantine(items)
    rows = queries.list_quarantine()
    assert [row.raw for row in rows] == ["0\ufffd", "1\ufffd", "2\ufffd"]
    assert services.mark_replayed(rows[0].id, replayed_as="0b")
    assert not services.mark_replayed(rows[0].id, replayed_as="0b")
    assert services.discard([row.id for row in rows]) == 2
    assert queries.list_quarantine() == []
    assert queries.count_quarantine(state="discarded") == {"no_identity": 2}


def test_a_new_epoch_makes_old_positions_void() -> None:
    epoch = services.current_epoch()
    services.move_position("customers", seq=9, epoch=epoch)
    assert (queries.find_position("customers", epoch=epoch), queries.slowest_position()) == (9, 9)
    fresh = services.renew_epoch()
    assert fresh == services.current_epoch() != epoch
    assert (queries.find_position("customers", epoch=fresh), queries.slowest_position()) == (0, 0)


def test_parking_the_same_segment_again_counts_it_once() -> None:
    for attempts in (1, 2):
        services.park("log", seq=4, position=None, reason="disk", attempts=attempts, now=NOW)
    [parked] = queries.list_parked()
    assert (parked.seq, parked.attempts) == (4, 2)


def test_recent_ids_are_loaded_from_the_segments_of_seven_days() -> None:
    services.record([Fact(message_id="new", kind="a.b", occurred_at=NOW, user_id="u")], source="s", now=NOW)
    old = NOW - timedelta(days=8)
    services.record([Fact(message_id="old", kind="a.b", occurred_at=old, user_id="u")], source="s", now=old)
    known = load_recent(now=NOW)
    assert known.known(interaction_id("s", "new") + interaction_id("s", "old")).tolist() == [True, False]


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_every_commit_of_sqlite_is_synced() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == 2
