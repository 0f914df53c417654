"""A consumer behind the log is given each new interaction exactly once, whatever breaks."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import lz4.frame
import pytest

from regard.apps.customers import consumer as customers_consumer
from regard.apps.customers import statements
from regard.apps.customers.resolution import digests
from regard.apps.intake.models import Source
from regard.apps.journal import queries, services
from regard.apps.journal.consumers import CONSUMERS, Batch, Reaction, in_order
from regard.apps.journal.facts import Fact
from regard.apps.journal.models import Parked
from regard.apps.journal.projection import run as run_module
from regard.apps.journal.projection.appending import Appending
from regard.apps.journal.projection.run import Run
from regard.apps.journal.projector import Projector
from regard.apps.journal.rebuild import count_interactions, rebuild
from regard.kernel.ids import interaction_id
from regard.warehouse.delta import DeltaFolder

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=40)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.REGARD = replace(settings.REGARD, data_dir=tmp_path, warehouse_url=str(tmp_path / "warehouse"))
    Source.objects.create(key="shop", title="Shop", write_key="k1")
    return tmp_path


def answer(rows: Sequence[tuple[Any, ...]], batch: Batch) -> None:
    """Records one interaction for each that it is given: the effect stands in the same store as its position."""
    services.record(
        [
            Fact(message_id=f"{n}:{row[0]}", kind="case.opened", occurred_at=NOW, thread=row[0], user_id="x")
            for n, row in enumerate(rows)
        ],
        now=NOW,
    )


def toy(key: str = "toy", order: int = 30, react: Callable[..., None] = answer) -> Reaction:
    select = (
        "SELECT thread, identity_id FROM new_interactions WHERE kind = 'order.placed' ORDER BY seq, position"
    )
    return Reaction(key=key, order=order, select=select, react=react)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Callable[[Reaction], None]:
    items: dict[str, Any] = {consumer.key: consumer for consumer in CONSUMERS}
    monkeypatch.setattr(CONSUMERS, "_items", items)
    return lambda reaction: items.update({reaction.key: reaction})


def event(number: int, at: datetime) -> dict[str, Any]:
    return {
        "type": "track",
        "messageId": f"m{number}",
        "event": "Order Completed",
        "userId": f"u{number}",
        "timestamp": at.isoformat(),
        "properties": {"order_id": f"o{number}"},
    }


def send(*numbers: int, at: datetime = NOW) -> int:
    lines = [
        json.dumps(
            {
                "r": int(NOW.timestamp() * 1e6),
                "s": 0,
                "y": "track",
                "m": f"m{n}",
                "k": "shop",
                "e": event(n, at),
            }
        )
        for n in numbers
    ]
    return services.append_segment(
        source="shop",
        codec="tracking",
        body=lz4.frame.compress("\n".join(lines).encode()),
        ids=b"".join(interaction_id("shop", f"m{n}") for n in numbers),
        n=len(numbers),
        received_at=NOW,
    )


def stage(folder: Path, *numbers: int) -> int:
    """A staged file of orders, as an import writes it."""
    from regard.warehouse.schema.incoming import INCOMING

    (folder / "staged").mkdir(exist_ok=True)
    name = f"staged/{queries.last_seq()}.parquet"
    given = {"source": "'shop'", "message_id": "'m' || n", "user_id": "'u' || n", "kind": "'order.placed'"}
    given |= {"thread": "'o' || n", "occurred_at": f"TIMESTAMPTZ '{OLD.isoformat()}'"}
    given |= {"received_at": f"TIMESTAMPTZ '{NOW.isoformat()}'", "channel": "'store'"}
    given["interaction_id"] = "unhex(md5('shop' || chr(31) || 'm' || n))"
    names = [column for column in INCOMING.columns if column.name not in ("seq", "position")]
    listed = ", ".join(f"{given.get(c.name, 'NULL')}::{c.type} AS {c.name}" for c in names)
    duckdb.connect().execute(
        f"COPY (SELECT {listed} FROM (SELECT unnest({list(numbers)}) AS n)) TO '{folder / name}' (FORMAT parquet)"
    )
    return services.append_segment(
        source="shop", codec="parquet", body=b"", ids=b"", n=len(numbers), received_at=NOW, path=name
    )


def project() -> None:
    projector = Projector(now=lambda: NOW)
    projector.drain()
    projector.stop()


def answered(folder: Path) -> list[str]:
    """What the reaction answered to, by its recorded interactions."""
    from regard.warehouse.log import Log

    files = list(Log.open(folder / "warehouse").snapshot().files["interactions"])
    found = duckdb.connect().execute(
        "SELECT thread FROM read_parquet($1) WHERE kind = 'case.opened' ORDER BY thread", [files]
    )
    return [row[0] for row in found.fetchall()]


def names(*numbers: int) -> list[str]:
    return sorted(f"o{number}" for number in numbers)


STEPS = [
    (run_module, "prepare"),
    (Run, "note"),
    (customers_consumer, "resolve"),
    (statements, "write_said"),
    (DeltaFolder, "append"),
    (Appending, "apply"),
    (Reaction, "_rows"),
    (Reaction, "apply"),
    (run_module, "Batch"),
]


@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _, name in STEPS])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("turn", [1, pytest.param(2, marks=pytest.mark.long)])
def test_a_crash_at_any_step_lets_a_reaction_see_what_is_new_once(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    registered: Callable[[Reaction], None],
    owner: Any,
    name: str,
    after: bool,
    turn: int,
) -> None:
    registered(toy())
    send(1, 2)
    project()
    # Late rows, rows of files, repetitions of both, and what stands in one batch with them.
    send(*range(2, 8), at=OLD)
    stage(folder, *range(6, 15))
    send(20, 21, 1)
    real, calls = getattr(owner, name), count(1)

    def step(*given: Any, **named: Any) -> Any:
        dies = next(calls) == turn
        if dies and not after:
            raise KeyboardInterrupt
        result = real(*given, **named)
        if dies:
            raise KeyboardInterrupt
        return result

    dying = Projector(now=lambda: NOW)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, step)
        try:
            dying.drain()
        except KeyboardInterrupt:
            pass
        finally:
            dying._run = None  # Nothing is put in order: the process is gone.
            for consumer in in_order():
                consumer.forget_memory()
            dying.fence.release()
    project()
    expected = names(*range(1, 15), 20, 21)
    assert answered(folder) == expected
    assert count_interactions() == 2 * len(expected)


def test_a_restore_or_a_rebuild_repeats_no_reaction(
    folder: Path, registered: Callable[[Reaction], None]
) -> None:
    registered(toy())
    send(1, 2)
    stage(folder, 3, 4)
    project()
    rebuild()
    services.renew_epoch()
    send(5)
    project()
    assert answered(folder) == names(1, 2, 3, 4, 5)


def test_a_new_reaction_begins_with_what_comes_next(
    folder: Path, registered: Callable[[Reaction], None]
) -> None:
    send(1, 2)
    project()
    registered(toy())
    send(3)
    project()
    rebuild()
    assert answered(folder) == names(3)


def test_what_was_parked_before_a_reaction_comes_to_it_when_it_is_released(
    folder: Path, monkeypatch: pytest.MonkeyPatch, registered: Callable[[Reaction], None]
) -> None:
    registered(toy())
    real = digests.make_who

    def poisoned(connection: Any, table: str, secret: bytes) -> None:
        if connection.execute(f"SELECT count(*) FROM {table} WHERE user_id = 'u2'").fetchall() != [(0,)]:
            raise ValueError("cannot be done")
        real(connection, table, secret)

    send(1, 2, 3)
    with monkeypatch.context() as patch:
        patch.setattr(customers_consumer, "make_who", poisoned)
        project()
    assert answered(folder) == names(1, 3)
    rebuild(parked=True)
    rebuild(parked=True)
    assert answered(folder) == names(1, 2, 3)


def test_an_item_that_one_reaction_cannot_take_is_parked_and_released_for_it_alone(
    folder: Path, registered: Callable[[Reaction], None]
) -> None:
    broken = [True]
    seen: dict[str, list[str]] = {"early": [], "late": []}

    def noting(key: str) -> Callable[..., None]:
        def react(rows: Sequence[tuple[Any, ...]], batch: Batch) -> None:
            if not batch.is_trial:
                seen[key] += [row[0] for row in rows]

        return react

    def fragile(rows: Sequence[tuple[Any, ...]], batch: Batch) -> None:
        if broken[0] and any(row[0] == "o2" for row in rows):
            raise ValueError("cannot be done")
        answer(rows, batch)

    registered(toy("early", 30, noting("early")))
    registered(toy("fragile", 31, fragile))
    registered(toy("late", 32, noting("late")))
    send(1, 2, 3)
    project()
    assert list(Parked.objects.filter(state="open").values_list("consumer", "position")) == [("fragile", 1)]
    assert count_interactions() == 3 + 2, "the log holds what only a reaction could not take"
    broken[0] = False
    rebuild(parked=True)
    assert answered(folder) == names(1, 2, 3)
    assert (sorted(seen["early"]), sorted(seen["late"])) == (names(1, 2, 3), names(1, 2, 3))
    assert count_interactions() == 6
