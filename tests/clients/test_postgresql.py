"""The same promises on PostgreSQL: the journal's own tests, order of commits, kills, backup."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.timeout(600)


def test_the_journal_keeps_its_promises(database: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:xdist", "-q", "src/regard/apps/journal/tests/test_services.py",
         "src/regard/apps/journal/tests/test_jobs.py"],
        cwd=ROOT, env={**os.environ, "REGARD_DATABASE_URL": database}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_segment_is_passed_by_when_commits_come_in_another_order_than_numbers(
    hub: Any, database: str
) -> None:
    hub.environment = {"REGARD_DATABASE_URL": database}
    told = hub.python(
        """
from regard.webkit.boot import setup; setup()
import threading
from datetime import UTC, datetime
from django.db import connection, transaction
from regard.apps.journal import queries, services
from regard.apps.journal.segments import list_segments_after

def append():
    return services.append_segment(source="s", codec="facts", body=b"", ids=b"", n=0, received_at=datetime.now(UTC))

def in_thread(function):
    def run():
        function()
        connection.close()
    thread = threading.Thread(target=run); thread.start(); return thread

first_is_open, second_is_in, third_has_xid = threading.Event(), threading.Event(), threading.Event()

def slow():
    with transaction.atomic():
        append()
        first_is_open.set()
        second_is_in.wait(20)

def old_transaction():  # An older id than the slow one's, and a higher number.
    with transaction.atomic():
        connection.cursor().execute("select pg_current_xact_id()")
        third_has_xid.set()
        first_is_open.wait(20)
        append()

old = in_thread(old_transaction)
third_has_xid.wait(20)
slow_one = in_thread(slow)
old.join()
append()
print([s.seq for s in list_segments_after(0)], queries.last_seq())
second_is_in.set()
slow_one.join()
print([s.seq for s in list_segments_after(0)])
"""
    )
    first, second = told.splitlines()
    assert first == "[] 3", "what was committed above an open number must wait"
    assert second == "[1, 2, 3]"


def test_a_killed_server_loses_nothing_and_a_backup_comes_back(
    hub: Any, database: str, tmp_path: Path
) -> None:
    hub.environment = {"REGARD_DATABASE_URL": database}
    hub.prepare()
    hub.start()
    for i in range(20):
        assert hub.post("/v1/track", {"userId": "u", "event": "Thing Done", "messageId": f"m{i}"})[0] == 200
    hub.kill()
    hub.start()
    for i in range(10, 30):
        assert hub.post("/v1/track", {"userId": "u", "event": "Thing Done", "messageId": f"m{i}"})[0] == 200
    hub.wait_until_projected()
    assert len(hub.log_rows("interaction_id")) == len(set(hub.log_rows("interaction_id"))) == 30
    backup = hub.command("backup", str(tmp_path / "b.tar"))
    assert backup.returncode == 0, backup.stderr
    refused = hub.command("restore", str(tmp_path / "b.tar"), "--replace")
    assert refused.returncode == 2
    assert "running" in refused.stderr
    hub.stop()
    restored = hub.command("restore", str(tmp_path / "b.tar"), "--replace")
    assert restored.returncode == 0, restored.stderr
    hub.start()
    assert hub.post("/v1/track", {"userId": "u", "event": "Thing Done", "messageId": "m30"})[0] == 200
    hub.wait_until_projected()
    assert len(hub.log_rows("interaction_id")) == len(set(hub.log_rows("interaction_id"))) == 31
