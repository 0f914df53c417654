from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from regard.apps.journal import jobs, queries
from regard.apps.journal.jobs import JOBS, LEASE, Claim, JobKind
from regard.kernel.errors import InvalidInput, Permanent

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DONE: list[Mapping[str, Any]] = []

pytestmark = pytest.mark.django_db(transaction=True)


def work(payload: Mapping[str, Any], now: datetime) -> None:
    DONE.append(payload)
    if payload.get("fails"):
        raise Permanent("no") if payload["fails"] == "for good" else OSError("not now")


def quote(payload: Mapping[str, Any], now: datetime) -> None:
    float("ada@example.com wrote: never again")


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    DONE.clear()
    monkeypatch.setattr(JOBS, "_items", {})
    JOBS.register(JobKind("test.work", "Test", work, attempts=2))
    JOBS.register(JobKind("test.quotes", "Test", quote))
    JOBS.register(JobKind("test.daily", "Test", work, cron="0 6 * * *"))


def claimed(now: datetime) -> Claim:
    held = jobs.claim(now)
    assert held is not None
    return held


def test_a_job_is_done_once_it_is_due() -> None:
    jobs.add_job("test.work", {"a": 1}, run_at=NOW + timedelta(minutes=1))
    assert not jobs.run_next(NOW)
    assert jobs.run_next(NOW + timedelta(minutes=2))
    assert DONE == [{"a": 1}]
    assert not jobs.run_next(NOW + timedelta(days=1))
    assert queries.count_jobs(state="done") == 1


def test_of_one_key_only_one_job_waits_and_another_may_follow_it() -> None:
    assert jobs.add_job("test.work", run_at=NOW, key="k")
    assert not jobs.add_job("test.work", run_at=NOW, key="k")
    assert jobs.run_next(NOW)
    assert jobs.add_job("test.work", run_at=NOW, key="k")


def test_the_job_of_a_killed_worker_is_repeated_when_its_lease_runs_out() -> None:
    jobs.add_job("test.work", run_at=NOW)
    dead = claimed(NOW)
    assert jobs.claim(NOW + LEASE / 2) is None
    successor = claimed(NOW + LEASE * 2)
    assert successor.id == dead.id
    assert not jobs.renew(dead, NOW + LEASE * 2), "who was thought dead has lost it"
    assert not jobs.finish(dead, NOW + LEASE * 2)
    assert jobs.finish(successor, NOW + LEASE * 2)


def test_a_lease_that_is_renewed_is_kept() -> None:
    jobs.add_job("test.work", run_at=NOW)
    held = claimed(NOW)
    assert jobs.renew(held, NOW + LEASE / 2)
    assert jobs.claim(NOW + LEASE + LEASE / 4) is None


def test_a_job_that_fails_is_tried_later_and_at_last_given_up() -> None:
    jobs.add_job("test.work", {"fails": "now"}, run_at=NOW)
    assert jobs.run_next(NOW)
    later = datetime.now(UTC) + timedelta(hours=1)
    assert queries.count_jobs(state="waiting") == 1
    assert jobs.run_next(later)
    assert (len(DONE), queries.count_jobs(state="failed")) == (2, 1)


def test_a_failure_for_good_is_not_repeated() -> None:
    jobs.add_job("test.work", {"fails": "for good"}, run_at=NOW)
    assert jobs.run_next(NOW)
    assert queries.count_jobs(state="failed") == 1


def test_why_a_job_failed_is_told_by_type_and_place_and_never_quotes_a_customer() -> None:
    jobs.add_job("test.quotes", run_at=NOW)
    assert jobs.run_next(NOW)
    [failed] = queries.list_failed_jobs()
    assert re.fullmatch(r"ValueError at apps/journal/tests/test_jobs\.py:\d+", failed.error)


def test_an_error_that_was_never_raised_in_regard_is_told_by_its_type() -> None:
    assert jobs.named(OSError("ada@example.com")) == "OSError"


def test_a_daily_job_needs_nobody_to_ask_for_it_and_waits_for_its_next_time() -> None:
    jobs.schedule(NOW)
    jobs.schedule(NOW)
    due = datetime(2026, 3, 11, 6, tzinfo=UTC)
    assert jobs.claim(due - timedelta(hours=4)) is None
    assert jobs.finish(claimed(due), due)
    assert jobs.claim(due + timedelta(hours=23)) is None
    assert claimed(due + timedelta(days=1)).kind == "test.daily"


def test_an_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(InvalidInput, match=r"Did you mean 'test\.work'"):
        jobs.add_job("test.wor")


def test_a_store_that_does_not_answer_is_asked_ever_more_seldom_and_told_in_full_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout)
            if len(waits) == 7:
                self.set()
            return self.is_set()

    def away(now: datetime) -> None:
        raise OperationalError("gone")

    waits: list[float | None] = []
    monkeypatch.setattr(jobs, "schedule", away)
    jobs.run_forever(Stop())
    assert waits == [2, 4, 8, 16, 30, 30, 30]
    assert [bool(record.exc_info) for record in caplog.records] == [True] + 6 * [False]
