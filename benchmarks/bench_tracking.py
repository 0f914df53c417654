"""How many events a second the tracking API acknowledges, durable, beside the same router with an empty sink.

The sender runs on the same cores: an asyncio client over raw sockets, one request at a time on each connection.
Every answer counted came after the commit (SQLite, write-ahead log, synchronous=FULL); every id is new.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
EVENT = (
    '{"type":"track","messageId":"%s","userId":"user-%d","event":"Product Viewed","timestamp":"2026-03-01T10:15:30.123Z",'
    '"properties":{"product_id":"sku-%d","name":"Blue shirt","category":"apparel","price":39.9,"currency":"EUR","position":3},'
    '"context":{"library":{"name":"bench","version":"1"},"locale":"en-GB","page":{"path":"/shirts/blue"}}}'
)
WARM_SECONDS = 1.0


@dataclass
class Load:
    """What the connections share: what to send, and what came back."""

    requests: list[bytes]
    interval: float = 0.0  # Seconds between the requests of one connection; 0: at once.
    n_sent: int = 0
    n_ok: int = 0
    n_other: int = 0
    times: list[float] = field(default_factory=list)
    is_over: bool = False


class Connection(asyncio.Protocol):
    """Sends one request, waits for its answer, sends the next."""

    def __init__(self, load: Load, offset: float = 0.0) -> None:
        self.load, self.offset = load, offset

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.loop = asyncio.get_running_loop()
        self.due = self.loop.time() + self.offset
        self.loop.call_at(self.due, self.send)

    def send(self) -> None:
        load = self.load
        if load.is_over or load.n_sent >= len(load.requests):
            load.is_over = True
            return
        request = load.requests[load.n_sent]
        load.n_sent += 1
        self.sent_at = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        if not data.endswith(b"}"):
            return  # The head came alone; its body follows.
        load = self.load
        load.times.append(time.perf_counter() - self.sent_at)
        if data.endswith(b'{"success":true}'):
            load.n_ok += 1
        else:
            load.n_other += 1
        if load.interval:
            self.due = max(self.due + load.interval, self.loop.time())
            self.loop.call_at(self.due, self.send)
        else:
            self.send()


def make_requests(n: int, size: int, key: str) -> list[bytes]:
    """`n` requests of `size` events each, ids never used before."""
    run = os.urandom(8).hex()
    login = base64.b64encode(f"{key}:".encode()).decode()
    requests = []
    for i in range(n):
        events = [EVENT % (f"{run}-{i}-{j}", (i * 37 + j) % 5000, j) for j in range(size)]
        body = events[0] if size == 1 else '{"batch":[' + ",".join(events) + "]}"
        path = "track" if size == 1 else "batch"
        requests.append(
            (
                f"POST /v1/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {login}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
            ).encode()
        )
    return requests


async def drive(port: int, load: Load, connections: int, seconds: float) -> float:
    """Send for `seconds` and return how long it really took."""
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    made = [
        await loop.create_connection(
            lambda i=i: Connection(load, load.interval * i / connections), "127.0.0.1", port
        )
        for i in range(connections)
    ]
    while not load.is_over and time.perf_counter() - begun < seconds:
        await asyncio.sleep(0.02)
    took = time.perf_counter() - begun
    load.is_over = True
    await asyncio.sleep(0.1)
    for transport, _ in made:
        transport.close()
    return took


class Server:
    """A web process of its own on a free port, over a data folder of its own."""

    def __init__(self, application: str, folder: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environment = {
            **os.environ,
            "REGARD_DATA_DIR": folder,
            "REGARD_MAX_WAITING": "100000000",
            "REGARD_MAX_WAITING_MB": "1000000",
            "PYTHONPATH": str(HERE),
        }
        command = [sys.executable, "-m", "uvicorn", application, "--port", str(self.port), "--no-access-log"]
        self.process = subprocess.Popen([*command, "--log-level", "warning"], env=environment)
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1)
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the server did not start")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def measure(
    port: int, key: str, *, size: int, connections: int, seconds: float, rate: float = 0
) -> tuple[float, float, float]:
    """Events acknowledged a second, and the 50th and 99th percentile of the answers' times in ms."""
    n = int((rate or (40_000 if size == 1 else 3_000)) * (seconds + 1))
    load = Load(make_requests(n, size, key), interval=connections / rate if rate else 0.0)
    took = asyncio.run(drive(port, load, connections, seconds))
    if load.n_other:
        print(f"  {load.n_other} answers were not 200", file=sys.stderr)
    cuts = statistics.quantiles(load.times, n=100)
    return load.n_ok * size / took, cuts[49] * 1000, cuts[98] * 1000


def prepare(folder: str) -> str:
    """Lay out a data folder with one source and return its key."""
    code = (
        "from regard.webkit.boot import setup; setup()\n"
        "from regard.apps.intake import services; print(services.add_source('bench', kind='server').write_key)"
    )
    environment = {**os.environ, "REGARD_DATA_DIR": folder}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.strip()


def main() -> int:
    """Print one line a case: durable, empty sink, ratio, and the answers' times at full and at half load."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=8)
    arguments.add_argument("--folder", help="data folder on the disk to measure (default: a temporary one)")
    given = arguments.parse_args()
    cases = [(1, 8), (1, 64), (100, 8), (100, 16)]
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        key = prepare(folder)
        print(
            "events/request  connections   durable/s  empty sink/s  ratio   p50/p99 ms   at half load p50/p99 ms"
        )
        for size, connections in cases:
            figures = {}
            for name, application in (
                ("empty", "tracking_sink:application"),
                ("durable", "regard.server.asgi:application"),
            ):
                server = Server(application, folder)
                try:
                    measure(server.port, key, size=size, connections=connections, seconds=WARM_SECONDS)
                    figures[name] = measure(
                        server.port, key, size=size, connections=connections, seconds=given.seconds
                    )
                    if name == "durable":
                        half = measure(
                            server.port,
                            key,
                            size=size,
                            connections=connections,
                            seconds=given.seconds,
                            rate=figures[name][0] / size / 2,
                        )
                finally:
                    server.close()
            rate, p50, p99 = figures["durable"]
            empty = figures["empty"][0]
            print(
                f"{size:14d} {connections:12d} {rate:11,.0f} {empty:13,.0f} {rate / empty:6.2f} {p50:6.1f}/{p99:<6.1f}"
                f" {half[1]:10.1f}/{half[2]:.1f}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
