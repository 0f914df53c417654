"""How many events a second go the whole way, from request to the warehouse with their customer known, and for how long.

python benchmarks/bench_sustained.py [--seconds 600] [--rate 50500]

The real server (`regard serve`: web process, projector and jobs) is sent batches of 100 events, as the published clients
write them, by processes on the same machine. Each second it is asked how far behind it is and how much memory its
processes take. In the end every event that was acknowledged must stand in the warehouse once, with its customer.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FULL_SECONDS = 600
BATCH = 100
CONNECTIONS = 8  # of each sender
EVENTS = ("Product Viewed", "Product Added", "Order Completed", "Button Clicked", "Checkout Started")
MIB = 2**20


def make_body(run: str, stamp: str) -> tuple[bytearray, list[int], list[int]]:
    """A batch whose ids and customers are of one width, and where in it they stand."""
    items = [
        {
            "integrations": {},
            "anonymousId": "",
            "properties": {
                "order_id": "o-1", "revenue": 12.5, "currency": "EUR", "category": "shoes", "step": 2, "unit": "shop-7",
            },
            "timestamp": stamp,
            "context": {"library": {"name": "analytics-python", "version": "2.3.3"}},
            "userId": "user-@@@@@@@@",
            "type": "track",
            "event": EVENTS[number % len(EVENTS)],
            "messageId": f"{run}-############",
        }
        for number in range(BATCH)
    ]  # fmt: skip
    body = bytearray(json.dumps({"batch": items, "sentAt": stamp}).encode())
    return body, _places(body, b"############"), _places(body, b"@@@@@@@@")


def _places(body: bytearray, mark: bytes) -> list[int]:
    places, at = [], body.find(mark)
    while at >= 0:
        places.append(at)
        at = body.find(mark, at + len(mark))
    return places


class Sender(asyncio.Protocol):
    """One connection: sends a batch, waits for its answer, sends the next when it is due."""

    def __init__(self, work: Work, offset: float) -> None:
        self.work, self.offset = work, offset

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.loop = transport, asyncio.get_running_loop()
        self.due = self.loop.time() + self.offset
        self.loop.call_at(self.due, self.send)

    def send(self) -> None:
        if self.work.is_over:
            self.transport.close()
            return
        self.sent_at = time.perf_counter()
        self.transport.write(self.work.next_request())

    def data_received(self, data: bytes) -> None:
        if not data.endswith(b"}"):
            return  # The head came alone; its body follows.
        work, now = self.work, self.loop.time()
        if data.endswith(b'{"success":true}'):
            work.n_acknowledged += BATCH
            work.times.append(time.perf_counter() - self.sent_at)
            self.due = max(
                self.due + work.interval, now - 1.0
            )  # What was missed by more than a second is missed.
        else:
            work.n_refused += 1
            self.due = now + 0.5
        self.loop.call_at(max(self.due, now), self.send)


@dataclass
class Work:
    """What the connections of one sender share."""

    run: str
    head: bytes
    customers: int
    interval: float
    n_sent: int = 0
    n_acknowledged: int = 0
    n_refused: int = 0
    times: list[float] = field(default_factory=list)
    is_over: bool = False
    stamped_at: float = 0.0

    def next_request(self) -> bytes:
        """A batch with ids that were never used before, happening now."""
        if time.time() - self.stamped_at > 1:
            self.stamped_at = time.time()
            self.body, self.ids, self.users = make_body(self.run, datetime.now(UTC).isoformat())
            self.prefix = self.head + b"Content-Length: %d\r\n\r\n" % len(self.body)
        body, n, user = self.body, self.n_sent, random.randrange(self.customers)
        for at in self.ids:
            body[at : at + 12] = b"%012d" % n
            n += 1
        for at in self.users:
            body[at : at + 8] = b"%08d" % user
            user = (user * 48271 + 11) % self.customers
        self.n_sent = n
        return self.prefix + body


def run_sender(number: int, port: int, key: str, given: argparse.Namespace, results: Any) -> None:
    """One sender process."""
    login = base64.b64encode(f"{key}:".encode()).decode()
    head = (
        f"POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {login}\r\n"
        "Content-Type: application/json\r\n"
    )
    streams = CONNECTIONS * given.senders
    interval = BATCH * streams / given.rate if given.rate else 0.0
    work = Work(f"{os.urandom(4).hex()}{number:02d}", head.encode(), given.customers, interval)

    async def drive() -> None:
        loop = asyncio.get_running_loop()
        for i in range(CONNECTIONS):
            offset = interval * (number * CONNECTIONS + i) / streams
            await loop.create_connection(lambda offset=offset: Sender(work, offset), "127.0.0.1", port)  # type: ignore[misc]
        await asyncio.sleep(given.seconds)
        work.is_over = True
        await asyncio.sleep(2.0)

    asyncio.run(drive())
    times = sorted(work.times)
    p99 = times[int(len(times) * 0.99)] if times else 0.0
    results.put((work.n_acknowledged, work.n_refused, p99))


class Server:
    """`regard serve` over a data folder of its own."""

    def __init__(self, folder: str) -> None:
        self.environment = {**os.environ, "REGARD_DATA_DIR": folder}
        self.key = self._python(
            "from regard.webkit.boot import setup; setup()\n"
            "from regard.apps.intake import services; print(services.add_source('bench', kind='server').write_key)"
        )
        command = [sys.executable, "-m", "regard.cli.main", "serve", "--port", "0"]
        self.process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.port = int(line.split("127.0.0.1:")[1].split()[0])

    def _python(self, code: str) -> str:
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.strip()

    def figures(self) -> dict[str, float]:
        """What `/metrics` tells; nothing where it does not answer in time."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return {}
        pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    def memory(self) -> tuple[int, int]:
        """Resident MiB of the web process and of the worker."""
        sizes = {"web": 0, "worker": 0}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
                if parent != self.process.pid:
                    continue
                command = (stat.parent / "cmdline").read_bytes()
                pages = int((stat.parent / "statm").read_text().split()[1])
            except OSError:
                continue
            sizes["worker" if b"workers" in command else "web"] += pages * os.sysconf("SC_PAGE_SIZE") // MIB
        return sizes["web"], sizes["worker"]

    def check(self) -> tuple[int, int, int]:
        """What stands in the warehouse: rows, different ids, rows whose customer is known."""
        told = self._python(
            "from regard.webkit.boot import setup; setup()\n"
            "from django.conf import settings\n"
            "from regard.warehouse.log import Log\n"
            "from regard.warehouse.engines.duckdb import connect\n"
            "c = connect(Log.open(settings.REGARD.warehouse_url), memory_limit='4GB', threads=2)\n"
            "print(*c.execute('SELECT count(*), count(DISTINCT interaction_id), count(customer_id) '\n"
            "                 'FROM interactions').fetchone())"
        )
        rows, distinct, known = map(int, told.split()[-3:])  # after what shows the progress
        return rows, distinct, known

    def close(self) -> None:
        """Ask it to stop."""
        self.process.terminate()
        self.process.wait(60)


@dataclass
class Watched:
    """What was seen each second: seconds behind, and the memory of both processes."""

    behind: list[float] = field(default_factory=list)
    memory: list[tuple[int, int]] = field(default_factory=list)

    def look(self, server: Server) -> None:
        """Note how it stands now."""
        self.behind.append(server.figures().get("regard_lag_seconds", float("inf")))
        self.memory.append(server.memory())

    def at(self, share: float) -> str:
        """Memory at a share of the way."""
        web, worker = self.memory[min(len(self.memory) - 1, int(share * len(self.memory)))]
        return f"{web} + {worker}"


def wait_until_done(server: Server) -> float:
    """Seconds until nothing waits for the projector any more."""
    begun = time.monotonic()
    while (waiting := server.figures().get("regard_lag_segments", 1)) and time.monotonic() - begun < 600:
        time.sleep(0.1)
    if waiting:
        raise RuntimeError("the projector did not come to an end")
    return time.monotonic() - begun


def report(given: argparse.Namespace, server: Server, watched: Watched, sent: list[Any], tail: float) -> bool:
    """Print what came out; returns whether everything acknowledged is there once."""
    acknowledged = sum(one[0] for one in sent)
    rows, distinct, known = server.check()
    is_right = acknowledged == rows == distinct == known
    seconds = given.seconds + tail
    length = f"{given.seconds:.0f} s"
    if given.seconds < FULL_SECONDS:
        length += f" (short: {FULL_SECONDS} s are the measure)"
    print(
        f"{'sent for':32} {length}, {given.senders} senders, batches of {BATCH}, at most {given.rate:,.0f}/s"
    )
    print(f"{'acknowledged, events/s':32} {acknowledged / given.seconds:,.0f}")
    print(f"{'into the warehouse, events/s':32} {acknowledged / seconds:,.0f}")
    print(
        f"{'most seconds behind':32} {max(watched.behind):.1f} (median {sorted(watched.behind)[len(watched.behind) // 2]:.1f})"
    )
    print(f"{'done after the last, seconds':32} {tail:.1f}")
    print(
        f"{'answered in, p99 ms':32} {max(one[2] for one in sent) * 1000:.0f}; asked to wait {sum(one[1] for one in sent)} times"
    )
    print(
        f"{'memory web + worker, MiB':32} {watched.at(0.1)} | {watched.at(0.5)} | {watched.at(1)}  (after a tenth, half, all)"
    )
    print(
        f"{'acknowledged = there = once = known':36} {acknowledged:,} = {rows:,} = {distinct:,} = {known:,}"
    )
    print("every event is there once" if is_right else "NOT RIGHT: these should be equal", flush=True)
    return is_right


def main() -> int:
    """Send, watch, check, print."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--seconds", type=float, default=FULL_SECONDS)
    parser.add_argument(
        "--rate", type=float, default=50_500, help="events a second at most; 0: as many as go"
    )
    parser.add_argument("--senders", type=int, default=2)
    parser.add_argument("--customers", type=int, default=500_000)
    parser.add_argument("--folder", help="data folder on the disk to measure (default: a temporary one)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder, ignore_cleanup_errors=True) as folder:
        server, watched = Server(folder), Watched()
        try:
            results: Any = multiprocessing.Queue()
            senders = [
                multiprocessing.Process(target=run_sender, args=(n, server.port, server.key, given, results))
                for n in range(given.senders)
            ]
            for sender in senders:
                sender.start()
            until = time.monotonic() + given.seconds
            while time.monotonic() < until:
                time.sleep(1)
                watched.look(server)
            sent = [results.get(timeout=60) for _ in senders]
            tail = wait_until_done(server)
            return 0 if report(given, server, watched, sent, tail) else 1
        finally:
            server.close()


if __name__ == "__main__":
    sys.exit(main())
