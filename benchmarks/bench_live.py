"""Open pages: what a thousand live streams cost in memory, and how long after its acknowledgement an answer is seen.

A sender posts events at a steady rate, a tenth of them answers to one question. A reader does as the page does: it
listens, and fetches the home when something changed, one fetch at a time. An answer is seen when the figure's n on a
fetched home has reached it.

    python benchmarks/bench_live.py [--streams N] [--rate N] [--seconds N] [--data FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path

BATCHES_A_SECOND = 20
SETTLE_SECONDS = 3.0
N_OF_SCORE = re.compile(r"Recommend.*?\bn ([\d,]+)", re.DOTALL)
PREPARE = """
import sys
from regard.webkit.boot import setup; setup()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from regard.apps.intake import services as intake
from regard.apps.organisation import services
from regard.apps.organisation.models import Member
print(intake.add_source("bench", kind="server").write_key)
services.create_member(email="bench@example.org", role="manager", password="a long password")
member = Member.objects.get(email="bench@example.org")
for _ in range(int(sys.argv[1])):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(member.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.save()
    print(session.session_key)
"""


@dataclass
class Server:
    """`regard serve` over a folder, with a write key and sessions of signed-in members."""

    process: subprocess.Popen[str]
    port: int
    key: str
    sessions: list[str]

    def resident(self) -> float:
        """Megabytes that the web process holds."""
        listed = subprocess.run(
            ["ps", "-o", "rss=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=True,
        )
        return sum(int(line.split()[0]) for line in listed.stdout.splitlines() if "server.web" in line) / 1024


@dataclass
class Seen:
    """When each answer was acknowledged and seen."""

    acknowledged: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    fetches: list[float] = field(default_factory=list)
    n_before: int = 0
    is_over: bool = False

    def note(self, n: int) -> None:
        reached = min(n - self.n_before, len(self.acknowledged))
        self.seen += [time.perf_counter()] * (reached - len(self.seen))


def start(folder: Path, n_sessions: int) -> Server:
    """Prepare the folder and start a server on it."""
    environment = {**os.environ, "REGARD_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", PREPARE, str(n_sessions)]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()
    process = subprocess.Popen(
        [sys.executable, "-m", "regard.server", "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
    assert found, "the server did not start"
    return Server(process, int(found[1]), told[0], told[1:])


async def ask(
    server: Server, head: str, body: bytes = b""
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send one request on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"{head}\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n".encode() + b"\r\n" + body)
    return reader, writer


async def fetch(server: Server, head: str, body: bytes = b"") -> str:
    """The answer's text; the connection is closed after it."""
    reader, writer = await ask(server, f"{head}\r\nConnection: close", body)
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
    return answer.decode(errors="replace")


async def listen(server: Server, session: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """An open stream, past its first event."""
    reader, writer = await ask(server, f"GET /live/ HTTP/1.1\r\nCookie: sessionid={session}")
    await reader.readuntil(b"event: here")
    return reader, writer


async def hold(server: Server, sessions: list[str]) -> list[tuple[asyncio.Task[None], asyncio.StreamWriter]]:
    """Many open streams whose readers take what comes."""

    async def drain(reader: asyncio.StreamReader) -> None:
        while await reader.read(65536):
            pass

    held = []
    for session in sessions:
        reader, writer = await listen(server, session)
        held.append((asyncio.create_task(drain(reader)), writer))
    return held


async def read_home(server: Server) -> int:
    """Answers behind the score as the home shows it; 0 where there is none yet."""
    page = await fetch(server, f"GET / HTTP/1.1\r\nCookie: sessionid={server.sessions[0]}")
    found = N_OF_SCORE.search(re.sub(r"<[^>]+>", " ", page))
    return int(found[1].replace(",", "")) if found else 0


async def follow(server: Server, seen: Seen) -> None:
    """Do as the page does."""
    reader, writer = await listen(server, server.sessions[0])
    changed = asyncio.Event()

    async def hear() -> None:
        while line := await reader.readline():
            if line.startswith(b"event: changed"):
                changed.set()

    hearing = asyncio.create_task(hear())
    while not seen.is_over:
        try:
            await asyncio.wait_for(changed.wait(), 0.5)
        except TimeoutError:
            continue
        changed.clear()
        begun = time.perf_counter()
        seen.note(await read_home(server))
        seen.fetches.append(time.perf_counter() - begun)
    hearing.cancel()
    writer.close()


async def send(server: Server, seen: Seen, rate: int, seconds: float) -> None:
    """Post `rate` events a second in batches, a tenth of them answers."""
    run, size = os.urandom(6).hex(), rate // BATCHES_A_SECOND
    login = b64encode(f"{server.key}:".encode()).decode()
    head = f"POST /v1/batch HTTP/1.1\r\nAuthorization: Basic {login}\r\nContent-Type: application/json"
    begun = time.perf_counter()
    waiting = []

    async def post(turn: int) -> None:
        events = [event(f"{run} {turn} {i}", turn * size + i) for i in range(size)]
        await fetch(server, head, json.dumps({"batch": events}).encode())
        n = sum("score" in one["properties"] for one in events)
        seen.acknowledged += [time.perf_counter()] * n

    for turn in range(int(seconds * BATCHES_A_SECOND)):
        await asyncio.sleep(max(0.0, begun + turn / BATCHES_A_SECOND - time.perf_counter()))
        waiting.append(asyncio.create_task(post(turn)))
    await asyncio.gather(*waiting)


def event(number: str, i: int) -> dict[str, object]:
    """A page seen, or every tenth an answer."""
    given = {"type": "track", "messageId": number, "userId": f"u {i % 5000}"}
    if i % 10:
        return {
            **given,
            "event": "Product Viewed",
            "properties": {"channel": "web", "product_id": str(i % 100)},
        }
    # One in fifty is unhappy, and a case follows from it.
    score = 0 if i % 500 == 0 else 7 + i // 10 % 4
    return {**given, "event": "Survey Answered", "properties": {"metric": "nps", "score": score}}


async def see(server: Server, rate: int, seconds: float) -> Seen:
    """Send and follow, and wait until all is seen."""
    seen = Seen(n_before=await read_home(server))
    following = asyncio.create_task(follow(server, seen))
    await asyncio.sleep(1)
    await send(server, seen, rate, seconds)
    until = time.perf_counter() + 60
    while len(seen.seen) < len(seen.acknowledged) and time.perf_counter() < until:
        await asyncio.sleep(0.1)
    seen.is_over = True
    await following
    return seen


def report(title: str, seen: Seen) -> None:
    """One line: from acknowledgement to sight."""
    waits = sorted(
        max(0.0, at - acknowledged) for acknowledged, at in zip(seen.acknowledged, seen.seen, strict=False)
    )
    lost = len(seen.acknowledged) - len(seen.seen)
    p50, p99 = (waits[min(len(waits) - 1, int(len(waits) * share))] for share in (0.5, 0.99))
    fetched = statistics.median(seen.fetches)
    print(
        f"{title:34} seen after p50 {p50:.2f} s, p99 {p99:.2f} s, longest {waits[-1]:.2f} s; "
        f"{len(waits)} answers, {lost} not seen; {len(seen.fetches)} fetches of {1000 * fetched:.0f} ms"
    )


async def measure(server: Server, n_streams: int, rate: int, seconds: float) -> None:
    """Both measurements on a running server."""
    await read_home(server)
    await see(server, rate, 3)  # warm
    report(f"{rate} events/s, one open page", await see(server, rate, seconds))
    before = server.resident()
    held = await hold(server, server.sessions[1 : n_streams + 1])
    await asyncio.sleep(SETTLE_SECONDS)
    print(f"{n_streams} open streams: {server.resident() - before:.1f} MB more ({before:.0f} MB before)")
    report(f"{rate} events/s, {n_streams + 1} open pages", await see(server, rate, seconds))
    print(f"and after that: {server.resident() - before:.1f} MB more")
    for task, writer in held:
        task.cancel()
        writer.close()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--data", type=Path, help="a data folder to copy and add to; empty by default")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        if args.data:
            shutil.copytree(args.data, data)
        server = start(data, args.streams + 1)
        try:
            asyncio.run(measure(server, args.streams, args.rate, args.seconds))
        finally:
            server.process.send_signal(signal.SIGTERM)
            server.process.wait(30)


if __name__ == "__main__":
    main()
