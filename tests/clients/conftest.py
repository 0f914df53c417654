"""A real server over a data folder of its own, for tests that talk to it as the outside does."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = """
from regard.webkit.boot import setup; setup()
from regard.apps.intake import services
print(services.add_source("shop", kind="server").write_key, services.add_source("web", kind="browser").write_key)
"""


def lasting_port() -> int:
    """A free port below those that the system gives to clients: while a server is down nobody else is given its port,
    not even a client of it that tries to connect and would meet itself.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                tried.bind(("127.0.0.1", port))
                return port


@dataclass
class Hub:
    """`regard serve` as a child process, which can be killed and started again."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    address: str = ""
    key: str = ""
    browser_key: str = ""
    port: int = 0

    def prepare(self) -> None:
        """Lay out the folder with a server's and a browser's source."""
        self.key, self.browser_key = self.python(SOURCES).split()

    def all_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment, "REGARD_DATA_DIR": str(self.folder)}

    def python(self, code: str) -> str:
        """Run code over the same folder and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=self.all_environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `regard` command over the same folder."""
        return subprocess.run(
            [sys.executable, "-m", "regard.cli.main", *arguments],
            env=self.all_environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self) -> None:
        """Start the server, on the same port as before, and wait until it answers."""
        self.port = self.port or lasting_port()
        self.log = (self.folder.parent / "server.log").open("a")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "regard.server", "serve", "--port", str(self.port)],
            env=self.all_environment(),
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        assert found, line + (self.folder.parent / "server.log").read_text()[-2000:]
        self.address, self.port = found.group(), int(found[1])

    def children(self) -> list[int]:
        """The process ids of web and worker."""
        assert self.process is not None
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [int(number) for number in listed.stdout.split()]

    def kill(self) -> None:
        """kill -9 everything at once."""
        assert self.process is not None
        for number in [self.process.pid, *self.children()]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self._reap()

    def stop(self) -> int:
        """Stop the server in order and return its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(30)
        self._reap()
        return status

    def _reap(self) -> None:
        if self.process is not None:
            self.process.wait(30)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.log.close()
            self.process = None

    def post(
        self, path: str, body: Any, key: str | None = None, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """POST JSON (or bytes) and return status and answer."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        login = base64.b64encode(f"{self.key if key is None else key}:".encode()).decode()
        request = urllib.request.Request(
            self.address + path, content, {"Authorization": f"Basic {login}", **headers}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {**json.load(error), "retry_after": error.headers.get("Retry-After")}

    def get(self, path: str) -> tuple[int, bytes]:
        """GET and return status and body."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def wait_until_projected(self, seconds: float = 60) -> None:
        """Wait until the projector has passed all that was taken in."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.lag() == 0:
                time.sleep(0.7)  # It is looked at twice a second.
                if self.lag() == 0:
                    return
            time.sleep(0.2)
        raise AssertionError(f"still behind: {self.get('/readyz')}")

    def lag(self) -> int:
        """How many segments wait for the projector."""
        return int(json.loads(self.get("/readyz")[1])["lag"]["segments"])

    def log_rows(self, columns: str) -> list[tuple[Any, ...]]:
        """Rows of the log in the warehouse."""
        from regard.warehouse.engines import duckdb
        from regard.warehouse.log import Log

        url = self.environment.get("REGARD_WAREHOUSE_URL") or str(self.folder / "warehouse")
        connection = duckdb.connect(Log.open(url))
        try:
            return connection.execute(f"SELECT {columns} FROM log").fetchall()
        finally:
            connection.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a PostgreSQL server: the one that the tests run on, or one of our own."""
    if given := os.environ.get("REGARD_DATABASE_URL"):
        yield given
        return
    # It lives as long as it can read from us.
    with subprocess.Popen(
        [str(ROOT / "scripts" / "with-postgresql"), "sh", "-c", 'echo "$REGARD_DATABASE_URL"; cat'],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        if not address:
            pytest.skip("PostgreSQL's server programs are not installed (apt install postgresql)")
        yield address
        assert server.stdin is not None
        server.stdin.close()


@pytest.fixture
def database(cluster: str, new_database: Callable[[str], str]) -> str:
    """The address of an empty database."""
    return new_database(cluster)


@pytest.fixture
def hub(tmp_path: Path, environment_of: Callable[[Path], dict[str, str]]) -> Iterator[Hub]:
    """A prepared hub that is not started yet."""
    folder = tmp_path / "data"
    made = Hub(folder, environment=dict(environment_of(folder)))
    made.prepare()
    yield made
    if made.process is not None:
        made.kill()


@pytest.fixture
def running(hub: Hub) -> Hub:
    """A hub whose server runs."""
    hub.start()
    return hub
