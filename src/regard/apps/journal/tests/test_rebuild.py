"""What is parked is tried again, and counts once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lz4.frame
import pytest

from regard.apps.customers import consumer as customers_consumer
from regard.apps.customers.resolution import digests
from regard.apps.intake.models import Source
from regard.apps.journal import queries, services
from regard.apps.journal.codecs import CODECS
from regard.apps.journal.projector import Projector
from regard.apps.journal.rebuild import count_interactions, rebuild
from regard.kernel.ids import interaction_id

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.REGARD = replace(settings.REGARD, data_dir=tmp_path, warehouse_url=str(tmp_path / "warehouse"))
    Source.objects.create(key="shop", title="Shop", write_key="k1")
    return tmp_path


def send(*numbers: int, score: int = 9) -> None:
    """One segment of one answer for each number."""
    lines, ids = [], b""
    for n in numbers:
        event = {
            "userId": f"u{n}",
            "event": "Survey Answered",
            "timestamp": NOW.isoformat(),
            "properties": {"nps": score},
        }
        line = {"r": int(NOW.timestamp() * 1e6), "s": 0, "y": "track", "m": f"m{n}", "k": "shop", "e": event}
        lines.append(json.dumps(line))
        ids += interaction_id("shop", f"m{n}")
    body = lz4.frame.compress("\n".join(lines).encode())
    services.append_segment(
        source="shop", codec="tracking", body=body, ids=ids, n=len(numbers), received_at=NOW
    )


def project() -> None:
    projector = Projector(now=lambda: NOW)
    projector.drain()
    projector.stop()


def test_an_item_that_is_released_counts_once_and_the_others_not_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = digests.make_who

    def poisoned(connection: Any, table: str, secret: bytes) -> None:
        if connection.execute(f"SELECT count(*) FROM {table} WHERE user_id = 'u2'").fetchall() != [(0,)]:
            raise ValueError("cannot be done")
        real(connection, table, secret)

    send(1, 2, 3)
    send(4)
    with monkeypatch.context() as patch:
        patch.setattr(customers_consumer, "make_who", poisoned)
        project()
        assert (count_interactions(), len(queries.list_parked())) == (3, 1)
        again = rebuild(parked=True)
        assert (again.n_released, again.n_parked, again.n_after) == (1, 1, 3), "it fails again"
    assert rebuild().n_after == 3, "it stays parked until it is released"
    done = rebuild(parked=True)
    assert (done.n_released, done.n_parked, done.n_before, done.n_after) == (1, 0, 3, 4)
    assert rebuild(parked=True).n_after == 4


def test_what_is_bad_in_a_segment_that_is_released_is_set_aside_once(monkeypatch: pytest.MonkeyPatch) -> None:
    codec = CODECS.get("tracking")
    real = type(codec).to_incoming

    def unreadable(self: Any, connection: Any, segments: Any, table: str) -> None:
        if any(segment.seq == bad for segment in segments):
            raise ValueError("cannot be read")
        real(self, connection, segments, table)

    send(1, score=11)
    send(2, score=11)
    bad = queries.last_seq()
    send(3)
    with monkeypatch.context() as patch:
        patch.setattr(type(codec), "to_incoming", unreadable)
        project()
    assert (len(queries.list_parked()), len(queries.list_quarantine())) == (1, 1)
    rebuild(parked=True)
    rebuild(parked=True)
    assert (len(queries.list_parked()), len(queries.list_quarantine()), count_interactions()) == (0, 2, 1)
