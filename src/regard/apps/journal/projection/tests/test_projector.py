"""The way from segments to the log: once each, in order, whatever breaks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import lz4.frame
import pytest
from django.db import OperationalError, connection, transaction

from regard.apps.customers import consumer as customers_consumer
from regard.apps.customers import queries as customers
from regard.apps.customers import services as customers_services
from regard.apps.customers import statements, writing
from regard.apps.customers.resolution import digests, store
from regard.apps.intake.models import Source
from regard.apps.intake.tracking import decode
from regard.apps.journal import facts, services
from regard.apps.journal import projector as projector_module
from regard.apps.journal.consumers import in_order
from regard.apps.journal.facts import Fact
from regard.apps.journal.models import Parked, Position, Quarantine, Segment
from regard.apps.journal.projection import run as run_module
from regard.apps.journal.projection.appending import Appending
from regard.apps.journal.projection.fence import Deposed, NotElected
from regard.apps.journal.projection.run import Run
from regard.apps.journal.projector import Projector
from regard.kernel.errors import Temporary
from regard.kernel.ids import interaction_id
from regard.warehouse.delta import DeltaFolder
from regard.warehouse.log import Log

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Item = dict[str, Any]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.REGARD = replace(settings.REGARD, data_dir=tmp_path, warehouse_url=str(tmp_path / "warehouse"))
    Source.objects.create(key="shop", title="Shop", write_key="k1")
    Source.objects.create(key="site", title="Site", write_key="k2", kind="browser")
    return tmp_path


@pytest.fixture
def projector(folder: Path) -> Iterator[Projector]:
    made = Projector(now=lambda: NOW)
    yield made
    made.stop()


def item(number: int, **told: Any) -> Item:
    return {
        "type": "track",
        "messageId": f"m{number}",
        "event": "Order Completed",
        "userId": f"u{number}",
        "timestamp": NOW.isoformat(),
        "properties": {"order_id": f"o{number}", "revenue": number, "currency": "EUR"},
        **told,
    }


def wrapped(one: Item, source: str = "shop", at: datetime = NOW) -> Item:
    """A line of a segment, as the tracking API writes it."""
    received = int(at.timestamp() * 1e6)
    return {"r": received, "s": 0, "y": one["type"], "m": one["messageId"], "k": source, "e": one}


def send(*items: Item, source: str = "shop", at: datetime = NOW) -> int:
    lines = [json.dumps(wrapped(one, source, at)) for one in items]
    with transaction.atomic():
        return services.append_segment(
            source=source,
            codec="tracking",
            body=lz4.frame.compress("\n".join(lines).encode()),
            ids=b"".join(interaction_id(source, one["messageId"]) for one in items),
            n=len(items),
            received_at=at,
        )


def logged(folder: Path, columns: str = "thread, amount_minor") -> list[tuple[Any, ...]]:
    files = list(Log.open(folder / "warehouse").snapshot().files["interactions"])
    if not files:
        return []
    return (
        duckdb.connect().execute(f"SELECT {columns} FROM read_parquet($1) ORDER BY ALL", [files]).fetchall()
    )


def test_what_was_taken_in_stands_in_the_log_with_its_customer(folder: Path, projector: Projector) -> None:
    send(item(1), item(2, type="identify", traits={"email": "Ada@X.org", "plan": "pro", "name": "Ada"}))
    services.record(
        [
            Fact(
                message_id="f1",
                kind="case.opened",
                occurred_at=NOW,
                email="ada@x.org",
                text="Call 6912345678",
            )
        ]
    )
    assert projector.drain() == 2
    rows = logged(folder, "kind, identity_id, amount_minor, currency")
    assert [row[0] for row in rows] == ["case.opened", "customer.identified", "order.placed"]
    assert rows[2][2:] == (100, "EUR")
    [customer] = customers.find_customers("ada@x.org")
    known = customers.get_customer(customer)
    assert known is not None
    assert known.traits == {"plan": "pro"}
    assert {card.value for card in known.identifiers} == {"u2", "ada@x.org"}
    assert rows[0][1] in customers.timeline_ids(customer)


def test_each_id_stands_beside_its_own_event(folder: Path, projector: Projector) -> None:
    for start in range(0, 600, 100):
        send(*(item(number) for number in range(start, start + 100)))
    projector.drain()
    rows = logged(folder, "interaction_id, thread, amount_minor, identity_id")
    assert len(rows) == 600
    for found_id, thread, amount, identity in rows:
        number = int(thread[1:])
        assert found_id == interaction_id("shop", f"m{number}")
        assert amount == number * 100
        assert identity == number + 1


def test_repetitions_count_once_within_and_across_batches(folder: Path, projector: Projector) -> None:
    send(item(1), item(2), item(1))
    projector.drain()
    send(item(2), item(3))
    projector.drain()
    assert [row[0] for row in logged(folder)] == ["o1", "o2", "o3"]
    assert list(Segment.objects.order_by("seq").values_list("n_new", "n_known")) == [(2, 1), (1, 1)]


def test_a_repetition_after_weeks_counts_once(folder: Path, projector: Projector) -> None:
    then = NOW - timedelta(days=20)
    old = item(1, timestamp=then.isoformat())
    send(old, at=then)
    projector.drain()
    projector.stop()
    send(old, item(2), at=NOW)
    projector.drain()
    assert [row[0] for row in logged(folder)] == ["o1", "o2"]


def test_a_bad_item_is_set_aside_once_and_the_rest_goes_on(folder: Path, projector: Projector) -> None:
    send(
        item(1),
        item(2, timestamp="2030-01-01T00:00:00Z"),
        item(3, event="NPS Submitted", properties={"nps": 11}),
        item(4, timestamp="yesterday"),
    )
    projector.drain()
    projector.drain()
    reasons = list(Quarantine.objects.order_by("id").values_list("reason", flat=True))
    assert reasons == ["time_in_future", "score_out_of_range", "time_unreadable"]
    assert "NPS Submitted" in Quarantine.objects.get(reason="score_out_of_range").raw
    assert [row[0] for row in logged(folder)] == ["o1"]


def survey(number: int, **told: Any) -> Item:
    return item(number, event="Survey Answered", properties={"survey_id": f"s{number}", **told})


def test_each_rating_of_one_event_is_an_interaction_and_counts_once(
    folder: Path, projector: Projector
) -> None:
    answers = (survey(1, nps=9, csat=4, comment="fine"), survey(2, csat=5), item(3))
    send(*answers)
    send(answers[0])
    projector.drain()
    then = NOW + timedelta(days=20)
    projector.stop()
    send(*answers, at=then)
    projector.drain()
    rows = logged(folder, "thread, metric, score, text, kind")
    assert rows == [
        ("o3", None, None, None, "order.placed"),
        ("s1", "csat", 4.0, None, "survey.answered"),
        ("s1", "nps", 9.0, "fine", "survey.answered"),
        ("s2", "csat", 5.0, None, "survey.answered"),
    ]
    assert len(set(logged(folder, "interaction_id"))) == 4
    assert len(set(logged(folder, "identity_id"))) == 3


def test_an_event_of_which_one_rating_may_not_enter_is_set_aside_whole(
    folder: Path, projector: Projector
) -> None:
    send(survey(1, nps=9, csat=11), survey(2, nps=8, ces="many"), survey(3, nps=7, ces=7))
    projector.drain()
    assert [row[0] for row in logged(folder)] == ["s3", "s3"]
    reasons = list(Quarantine.objects.order_by("line").values_list("reason", flat=True))
    assert reasons == ["score_out_of_range", "score_unreadable"]


def test_a_browser_may_not_write_orders(folder: Path, projector: Projector) -> None:
    send(item(1), item(2, event="Button Clicked", properties={}), source="site")
    projector.drain()
    assert Quarantine.objects.get().reason == "browser_may_not"
    assert logged(folder, "kind") == [("button.clicked",)]


def _dies(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, turn: int, *, after: bool) -> None:
    """Let a step fail on its nth call, before or after it did its work."""
    real: Callable[..., Any] = getattr(owner, name)
    calls = count(1)

    def step(*given: Any, **named: Any) -> Any:
        dies = next(calls) == turn
        if dies and not after:
            raise KeyboardInterrupt
        result = real(*given, **named)
        if dies:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(owner, name, step)


STEPS = [
    (run_module, "prepare"),
    (Run, "note"),
    (customers_consumer, "resolve"),
    (store, "insert"),
    (store, "change"),
    (statements, "write_said"),
    (statements, "append"),
    (DeltaFolder, "append"),
    (Appending, "apply"),
    (run_module, "Batch"),
]


def _survives(
    folder: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, turn: int, after: bool
) -> None:
    send(*(item(n, traits={}, context={"traits": {"email": f"e{n % 7}@x", "plan": "a"}}) for n in range(20)))
    send(*(item(n, anonymousId=f"a{n % 5}") for n in range(10, 40)), item(99, timestamp="never"))
    send(*(item(n, userId=f"v{n}", context={"traits": {"email": f"e{n % 7}@x"}}) for n in range(40, 60)))
    with monkeypatch.context() as patch:
        _dies(patch, owner, name, turn, after=after)
        dying = Projector(now=lambda: NOW)
        try:
            dying.drain()
        except KeyboardInterrupt:
            pass
        finally:
            dying._run = None  # Nothing is put in order: the process is gone.
            for consumer in in_order():
                consumer.forget_memory()
            dying.fence.release()
    survivor = Projector(now=lambda: NOW)
    survivor.drain()
    survivor.stop()
    assert [row[0] for row in logged(folder, "thread")] == sorted(f"o{n}" for n in range(60))
    assert Quarantine.objects.count() == 1
    assert Segment.objects.filter(n_new=None).count() == 0


def _clusters(folder: Path) -> list[tuple[Any, ...]]:
    from regard.apps.customers.models import Identifier, Link

    names = ("identity_id", "kind", "source", "value", "customer_id", "is_shared")
    links = ("target_id", "primary_id")
    return [
        *Identifier.objects.order_by("identity_id").values_list(*names),
        *Link.objects.order_by(*links).values_list(*links),
    ]


@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _, name in STEPS])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_step_leaves_everything_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, after: bool
) -> None:
    _survives(folder, monkeypatch, owner, name, 1, after)


@pytest.mark.long
@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _, name in STEPS])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("turn", range(2, 7))
@pytest.mark.parametrize("chunk", [1, 3, 6000])
def test_a_crash_at_any_turn_of_any_step_gives_the_same_customers(
    folder: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, after: bool, turn: int, chunk: int
) -> None:
    monkeypatch.setattr(writing, "CHUNK", chunk)
    monkeypatch.setattr(projector_module, "MOST_ITEMS", 25)
    _survives(folder, monkeypatch, owner, name, turn, after)
    shared = [row for row in _clusters(folder) if len(row) == 6 and row[5]]
    assert len(shared) == 7


def test_an_item_whose_effect_always_fails_is_parked_and_the_rest_goes_on(
    folder: Path, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = digests.make_who

    def poisoned(connection: Any, table: str, secret: bytes) -> None:
        if connection.execute(f"SELECT count(*) FROM {table} WHERE user_id = 'u13'").fetchall() != [(0,)]:
            raise ValueError("cannot be done")
        real(connection, table, secret)

    monkeypatch.setattr(customers_consumer, "make_who", poisoned)
    first = send(*(item(n) for n in range(5)))
    bad = send(*(item(n) for n in range(5, 20)))
    send(*(item(n) for n in range(20, 25)))
    projector.drain()
    parked = Parked.objects.get()
    assert (parked.consumer, parked.seq, parked.position) == ("customers", bad, 8)
    assert bad > first
    assert len(logged(folder)) == 24
    send(item(30))
    projector.drain()
    assert len(logged(folder)) == 25


def test_a_segment_that_cannot_be_read_is_parked_whole(folder: Path, projector: Projector) -> None:
    send(item(1))
    with transaction.atomic():
        services.append_segment(
            source="shop", codec="tracking", body=b"broken", ids=bytes(16), n=1, received_at=NOW
        )
    send(item(2))
    projector.drain()
    assert [row[0] for row in logged(folder)] == ["o1", "o2"]
    assert (Parked.objects.get().consumer, Parked.objects.get().position) == ("decode", None)


def test_a_staged_file_that_is_not_there_holds_nothing_up(folder: Path, projector: Projector) -> None:
    staged = folder / "staged" / "orders-000000.parquet"
    staged.parent.mkdir(exist_ok=True)
    send(item(1))
    services.append_segment(
        source="shop",
        codec="parquet",
        body=b"",
        path="staged/orders-000000.parquet",
        ids=bytes(16),
        n=1,
        received_at=NOW,
    )
    send(item(2))
    projector.drain()
    assert [row[0] for row in logged(folder)] == ["o1", "o2"]
    parked = Parked.objects.get()
    assert (parked.consumer, parked.position) == ("decode", None)
    assert "orders-000000.parquet is not in this data folder" in parked.reason
    assert "regard rebuild --parked" in parked.reason


NASTY = ['{"half a character": "\\ud800"}', '{"cut short": ', "", "[1, 2"]


@pytest.mark.parametrize("nasty", NASTY)
def test_a_line_that_cannot_be_read_goes_to_quarantine_and_the_others_go_on(
    folder: Path, projector: Projector, nasty: str
) -> None:
    good = [json.dumps(wrapped(item(n))) for n in range(6)]
    lines = [*good[:3], nasty, *good[3:]]
    ids = [interaction_id("shop", f"m{n}") for n in range(6)]
    body = lz4.frame.compress("\n".join(lines).encode())
    ids.insert(3, interaction_id("shop", "nasty"))
    seq = services.append_segment(
        source="shop", codec="tracking", body=body, ids=b"".join(ids), n=7, received_at=NOW
    )
    send(item(9))
    projector.drain()
    assert [row[0] for row in logged(folder)] == ["o0", "o1", "o2", "o3", "o4", "o5", "o9"]
    held = Quarantine.objects.get()
    assert (held.reason, held.raw, held.seq, held.line) == ("unreadable", nasty, seq, 3)
    assert not Parked.objects.filter(state="open").exists()
    services.renew_epoch()
    projector.stop()
    projector.drain()
    assert (len(logged(folder)), Quarantine.objects.count()) == (7, 1)


def test_a_recorded_fact_that_cannot_be_read_goes_to_quarantine(folder: Path, projector: Projector) -> None:
    body, ids = facts.encode(
        [Fact(message_id=f"f{n}", kind="case.opened", occurred_at=NOW, thread=f"c{n}") for n in range(3)],
        source="regard",
        received_at=NOW,
    )
    lines = lz4.frame.decompress(body).split(b"\n")
    body = lz4.frame.compress(b"\n".join([lines[0], lines[1][:-3], lines[2]]))
    services.append_segment(source="regard", codec="facts", body=body, ids=ids, n=3, received_at=NOW)
    projector.drain()
    assert [row[0] for row in logged(folder)] == ["c0", "c2"]
    assert Quarantine.objects.get().raw == lines[1][:-3].decode()


def test_an_item_that_the_decoder_fails_on_is_found_among_sound_ones(
    folder: Path, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = decode._clean

    def fails(connection: Any, table: str, forms: Any) -> Any:
        if connection.execute(f"SELECT 1 FROM {table} WHERE message_id IN ('m5', 'm13')").fetchall():
            raise RuntimeError("a fault in the decoder")
        return real(connection, table, forms)

    monkeypatch.setattr(decode, "_clean", fails)
    send(*(item(n) for n in range(4)))
    send(*(item(n) for n in range(4, 20)))
    send(*(item(n) for n in range(20, 24)))
    projector.drain()
    assert len(logged(folder)) == 22
    assert list(Quarantine.objects.order_by("line").values_list("line", flat=True)) == [1, 9]
    assert '"messageId": "m5"' in Quarantine.objects.order_by("line")[0].raw


def test_where_nothing_of_a_segment_can_be_read_it_is_parked_whole(
    folder: Path, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise RuntimeError("a fault of ours")

    send(item(1), item(2))
    with monkeypatch.context() as patch:
        patch.setattr(decode, "_clean", fails)
        projector.drain()
    assert (Parked.objects.get().position, Quarantine.objects.count()) == (None, 0)
    services.release_parked()
    projector.stop()
    projector.drain()
    assert len(logged(folder)) == 2


def test_what_will_pass_is_waited_for_and_never_parked(
    folder: Path, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(item(1))
    with monkeypatch.context() as patch:
        patch.setattr(Appending, "apply", lambda *_: (_ for _ in ()).throw(OperationalError("disk full")))
        for _ in range(5):
            with pytest.raises(OperationalError):
                projector.run_once()
    projector.drain()
    assert not Parked.objects.exists()
    assert len(logged(folder)) == 1


def test_a_consumer_that_fails_on_everything_parks_nothing(
    folder: Path, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(item(1), item(2))
    with monkeypatch.context() as patch:
        patch.setattr(Appending, "apply", lambda *_: (_ for _ in ()).throw(RuntimeError("a fault of ours")))
        for _ in range(5):
            with pytest.raises(Temporary):
                projector.run_once()
    projector.drain()
    assert not Parked.objects.exists()
    assert len(logged(folder)) == 2


def test_only_one_projector_is_elected(folder: Path, projector: Projector) -> None:
    projector.drain()
    other = Projector(now=lambda: NOW)
    if connection.vendor == "postgresql":
        pytest.skip("one process holds PostgreSQL's lock as often as it likes")
    with pytest.raises(NotElected):
        other.run_once()
    projector.stop()
    assert other.run_once() == 0
    other.stop()


def test_a_deposed_projector_that_wakes_up_writes_nothing(
    folder: Path, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(item(1))
    projector.drain()
    send(item(2))
    sleeping = projector._next_segments()
    # Its lock was lost while it slept (another machine, a removed file), and another one was elected.
    (folder / "projector.lock").unlink(missing_ok=True)
    successor = Projector(now=lambda: NOW)
    successor.drain()
    with pytest.raises(Deposed):
        projector.apply(sleeping)
    with pytest.raises(Deposed):
        projector.run_once()
    send(item(3))
    successor.drain()
    successor.stop()
    assert [row[0] for row in logged(folder)] == ["o1", "o2", "o3"]


def test_after_a_restore_nothing_is_there_twice(folder: Path, projector: Projector) -> None:
    send(item(1), item(2, context={"traits": {"email": "a@x"}}), item(9, timestamp="never"))
    projector.drain()
    projector.stop()
    before = _clusters(folder)
    services.renew_epoch()
    # What was taken in after the backup is in the log but not in the restored journal; its sender repeats it.
    send(item(1), item(3), at=NOW + timedelta(hours=1))
    projector.drain()
    assert [row[0] for row in logged(folder)] == ["o1", "o2", "o3"]
    assert set(before) <= set(_clusters(folder))
    assert Quarantine.objects.count() == 1
    assert Position.objects.get(consumer="customers").epoch == services.current_epoch()


def test_two_customers_are_joined_and_parted_again(folder: Path, projector: Projector) -> None:
    send(item(1), item(2))
    projector.drain()
    one, two = customers.find_customers("u1")[0], customers.find_customers("u2")[0]
    decision = customers_services.join(one, two)
    assert customers_services.is_waiting(decision)
    send(item(3))
    projector.drain()
    assert not customers_services.is_waiting(decision)
    assert customers.find_customers("u2") == [one]
    customers_services.split(one, [two])
    send(item(4))
    projector.drain()
    assert customers.find_customers("u2") == [two]
    files = list(Log.open(folder / "warehouse").snapshot().files["identities"])
    rows = duckdb.execute(
        "SELECT identity_id, arg_max(customer_id, version) FROM read_parquet($1) GROUP BY 1", [files]
    )
    assert rows.fetchall() == [(two, two)]


def test_a_forgotten_customer_leaves_only_hashes(folder: Path, projector: Projector) -> None:
    from regard.apps.customers.policy import Kind

    send(item(1, context={"traits": {"email": "a@x", "plan": "pro"}}), item(2))
    projector.drain()
    [customer] = customers.find_customers("a@x")
    customers_services.forget(customer)
    send(item(3))
    projector.drain()
    assert customers.find_customers("a@x") == []
    assert customers.get_customer(customer) is None
    assert customers.is_erased(Kind.EMAIL, "a@x")
    assert not customers.is_erased(Kind.USER, "u2", source="shop")
    assert len(logged(folder)) == 2, "its interactions are gone, too"


def test_the_next_batch_is_decoded_beside_and_every_item_counts_once(
    folder: Path, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, threads = decode.Tracking.to_incoming, []

    def noted(*given: Any) -> None:
        threads.append(threading.current_thread().name)
        real(*given)

    monkeypatch.setattr(decode.Tracking, "to_incoming", noted)
    monkeypatch.setattr(projector_module, "MOST_ITEMS", 4)
    for n in range(6):
        send(item(2 * n), item(2 * n + 1), item(n))  # the last of them was there before
    projector.drain()
    assert sum(name.startswith("decoding") for name in threads) == len(threads) - 1 == 5
    assert logged(folder, "thread") == sorted((f"o{n}",) for n in range(12))


def test_what_cannot_be_decoded_beside_is_met_in_its_turn(
    folder: Path, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = decode.Tracking.to_incoming

    def failing(*given: Any) -> None:
        if threading.current_thread().name.startswith("decoding"):
            raise ValueError("cannot be read")
        real(*given)

    monkeypatch.setattr(decode.Tracking, "to_incoming", failing)
    monkeypatch.setattr(projector_module, "MOST_ITEMS", 1)
    for n in range(4):
        send(item(n))
    projector.drain()
    assert len(logged(folder)) == 4
    assert not Parked.objects.exists()
