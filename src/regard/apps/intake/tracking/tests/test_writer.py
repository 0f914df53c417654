from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import md5

import lz4.frame
import pytest

from regard.apps.intake.queries import SourceRow
from regard.apps.intake.tracking.reading import Bad, Taken
from regard.apps.intake.tracking.senders import Bucket, Senders
from regard.apps.intake.tracking.writer import GroupWriter
from regard.apps.journal.recent import RecentIds

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def request(*names: str) -> Taken:
    ids = [md5(name.encode()).digest() for name in names]
    return Taken("shop", NOW, [name.encode() for name in names], ids)


def run(
    requests: Sequence[Sequence[Taken]], fail: Callable[[int], bool] = lambda n: False
) -> tuple[list[str], list[bool]]:
    """Send requests round by round. Returns: lines stored, and which requests were acknowledged."""
    stored: list[str] = []
    n_commits = 0

    def store(body: bytes, ids: bytes, n: int, taken: Sequence[Taken]) -> None:
        nonlocal n_commits
        n_commits += 1
        if fail(n_commits):
            raise OSError("disk full")
        stored.extend(lz4.frame.decompress(body).decode().split("\n"))
        assert len(ids) == 16 * n

    async def send() -> list[bool]:
        writer = GroupWriter(store, RecentIds(), asyncio.get_running_loop())
        writer.start()
        answers: list[bool] = []
        for together in requests:
            waiting = [writer.submit(taken) for taken in together]
            found = await asyncio.gather(*waiting, return_exceptions=True)
            answers += [not isinstance(one, BaseException) for one in found]
        writer.stop()
        await asyncio.to_thread(writer.join)
        return answers

    answers = asyncio.run(send())
    return stored, answers


def test_the_same_id_is_stored_once_within_a_group_and_later() -> None:
    stored, answers = run([[request("a", "b", "a"), request("b", "c")], [request("c"), request("d")]])
    assert sorted(stored) == ["a", "b", "c", "d"]
    assert all(answers), "what is known already is acknowledged too"


def test_a_bad_item_that_is_sent_again_and_again_is_set_aside_once() -> None:
    kept: list[str] = []

    def store(body: bytes, ids: bytes, n: int, taken: Sequence[Taken]) -> None:
        kept.extend(f"{one.source} {bad.raw.decode()}" for one in taken for bad in one.bad)

    async def send() -> None:
        writer = GroupWriter(store, RecentIds(), asyncio.get_running_loop())
        writer.start()
        for source in ("shop", "shop", "site", "shop"):
            taken = [Taken(source, NOW, bad=[Bad("no_event", raw)]) for raw in (b"{}", b"{}", b"[]")]
            await asyncio.gather(*(writer.submit(one) for one in taken))
            assert all(one.bad for one in taken), "a single call is still answered with what is wrong"
        writer.stop()
        await asyncio.to_thread(writer.join)

    asyncio.run(send())
    assert sorted(kept) == ["shop []", "shop {}", "site []", "site {}"]


def test_what_a_failed_commit_did_not_write_is_taken_when_it_is_sent_again() -> None:
    stored, answers = run([[request("a")], [request("a")]], fail=lambda n: n == 1)
    assert (stored, answers) == (["a"], [False, True])


def test_many_requests_at_once_are_all_answered() -> None:
    stored, answers = run([[request(f"m{i}") for i in range(2000)]])
    assert len(stored) == len(set(stored)) == 2000
    assert all(answers)


def test_a_bucket_lets_a_burst_in_and_then_so_many_a_second() -> None:
    bucket = Bucket(10, now=0.0)
    assert bucket.wait_seconds(20, 0.0) == 0
    assert bucket.wait_seconds(5, 0.0) == pytest.approx(0.5)
    assert bucket.wait_seconds(5, 0.5) == 0
    assert bucket.wait_seconds(1000, 2.4) > 0
    assert bucket.wait_seconds(1000, 3.0) == 0, "more than ever fits waits only for a full bucket"


def test_a_source_is_known_by_header_and_by_key_until_it_is_gone() -> None:
    shop = SourceRow("shop", "Shop", "server", "k", None, 0, {}, False)
    rows = [shop]
    senders = Senders(lambda: rows)
    senders.refresh()
    assert senders.by_header(b"Basic azo=") == senders.by_key("k") == shop
    for header in (b"Basic !", b"Bearer azo=", b"", b"Basic /w=="):
        assert senders.by_header(header) is None
    rows.clear()
    senders.refresh()
    assert senders.by_header(b"Basic azo=") is None
