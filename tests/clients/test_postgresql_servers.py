"""Two servers on one PostgreSQL and one warehouse: the elected projector dies, the other server's takes over."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from regard.kernel.ids import interaction_id

pytestmark = pytest.mark.timeout(1800)

ELECTED = """
select activity.application_name, position.seq from pg_locks as lock
join pg_stat_activity as activity using (pid)
join pg_database as here on here.oid = lock.database and here.datname = current_database()
join journal_position as position on position.consumer = 'projector'
where lock.locktype = 'advisory' and lock.classid = x'5265'::int and lock.granted
"""


@pytest.fixture
def servers(hub: Any, database: str, tmp_path: Path) -> Iterator[list[Any]]:
    """Two servers as on two machines: each has its data folder, with the same secret and the staged files shared."""
    environment = {"REGARD_DATABASE_URL": database, "REGARD_WAREHOUSE_URL": str(tmp_path / "warehouse")}
    hub.environment |= environment
    hub.prepare()
    other = type(hub)(tmp_path / "other" / "data", environment=environment, key=hub.key)
    other.folder.mkdir(parents=True)
    shutil.copy(hub.folder / "secret", other.folder / "secret")
    (other.folder / "staged").symlink_to(hub.folder / "staged")
    made = [hub, other]
    for one in made:
        one.start()
    yield made
    for one in made:
        if one.process is not None:
            one.kill()


class Sender:
    """Sends to one server by the published client until told to stop."""

    def __init__(self, hub: Any, name: str) -> None:
        from segment.analytics.client import Client

        self.sent: set[bytes] = set()
        self.given_up: set[bytes] = set()
        self.is_over = threading.Event()
        self.client = Client(
            hub.key, host=hub.address, on_error=self._lost, max_retries=100, thread=2, upload_size=20,
            upload_interval=0.05, timeout=5,
        )  # fmt: skip
        self.thread = threading.Thread(target=self._send, args=(name,))
        self.thread.start()

    def _lost(self, error: Exception, items: list[dict[str, Any]]) -> None:
        self.given_up.update(interaction_id("shop", item["messageId"]) for item in items)

    def _send(self, name: str) -> None:
        while not self.is_over.is_set():
            is_queued, message = self.client.track(f"{name}-{len(self.sent) % 50}", "Thing Done")
            if is_queued:
                self.sent.add(interaction_id("shop", message["messageId"]))
            time.sleep(0.005)

    def finish(self) -> None:
        """Stop, and wait until all that waits is delivered or given up."""
        self.is_over.set()
        self.thread.join()
        self.client.flush()
        self.client.join()


def wait_for_election(database: str, after: int) -> tuple[int, int]:
    """The number of the next election after `after`, and the process that won it."""
    import psycopg

    until = time.monotonic() + 90
    while time.monotonic() < until:
        with psycopg.connect(database) as connection:
            found = connection.execute(ELECTED).fetchone()
        if found and found[1] > after:
            return found[1], int(found[0].removeprefix("regard-"))
        time.sleep(0.05)
    raise AssertionError("nobody was elected")


def kill_projectors(servers: list[Any], database: str, n_kills: int) -> None:
    """Kill the elected process, and every other time the whole server that it belongs to."""
    chance = random.Random(n_kills)
    term, elected = wait_for_election(database, 0)
    for turn in range(n_kills):
        time.sleep(chance.uniform(0.5, 2.0))
        (its_server,) = [one for one in servers if elected in one.children()]
        if turn % 2:
            its_server.kill()
        else:
            os.kill(elected, signal.SIGKILL)
        term, elected = wait_for_election(database, term)
        if its_server.process is None:
            its_server.start()


def send_while_killed(servers: list[Any], database: str, n_kills: int) -> tuple[set[bytes], set[bytes]]:
    """Send to both servers meanwhile. Returns: what was sent, and what the clients gave up on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        senders = [Sender(one, f"sender {number}") for number, one in enumerate(servers)]
        try:
            kill_projectors(servers, database, n_kills)
        finally:
            for sender in senders:
                sender.finish()
    first, second = senders
    return first.sent | second.sent, first.given_up | second.given_up


def check_exactly_once(servers: list[Any], sent: set[bytes], given_up: set[bytes]) -> None:
    for one in servers:
        one.wait_until_projected(300)
    times = Counter(bytes(one) for (one,) in servers[0].log_rows("interaction_id"))
    assert [one for one, n in times.items() if n > 1] == [], "something is there twice"
    assert sent - given_up - set(times) == set(), "something acknowledged is missing"
    assert set(times) <= sent
    assert len(sent) > 100
    assert len(given_up) < len(sent) / 2


def test_another_server_projects_when_the_projector_is_killed(servers: list[Any], database: str) -> None:
    check_exactly_once(servers, *send_while_killed(servers, database, 1))


@pytest.mark.long
def test_of_two_servers_each_takes_over_from_the_other_twelve_times(
    servers: list[Any], database: str
) -> None:
    check_exactly_once(servers, *send_while_killed(servers, database, 12))
