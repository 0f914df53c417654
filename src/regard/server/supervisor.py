"""Starts the web and the worker process, and starts again the one that dies."""

from __future__ import annotations

import contextlib
import errno
import logging
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from regard.kernel.errors import InvalidInput

logger = logging.getLogger(__name__)

STOP_SECONDS = 15.0
LONGEST_PAUSE = 30.0
WELL_SECONDS = 20.0
LAST_PORT = 65535
PATIENCE_SECONDS = 5.0


@dataclass(slots=True)
class Child:
    """A process to keep alive, and how it fares."""

    name: str
    command: Sequence[str]
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.0
    start_at: float = field(default=0.0)

    def start(self, now: float) -> None:
        # A group of its own, so that Ctrl-C reaches the parent alone, which then ends the children in order.
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, pass_fds=self.descriptors, process_group=0
        )
        self.started_at = now

    def look(self, now: float) -> None:
        """Start the process where it does not run; one that dies at once is given longer and longer pauses."""
        if self.process is not None and self.process.poll() is not None:
            lived = now - self.started_at
            logger.error("server.child_ended name=%s status=%s", self.name, self.process.returncode)
            self.close()
            self.pause = 0.2 if lived > WELL_SECONDS else min(LONGEST_PAUSE, max(0.2, self.pause * 2))
            self.start_at = now + self.pause
        if self.process is None and now >= self.start_at:
            self.start(now)

    def close(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that the web process inherits, so that its restart refuses nobody.

    Raises: InvalidInput where the address is taken or not ours, or the port is no port.
    """
    if not 0 <= port <= LAST_PORT:
        raise InvalidInput(f"There is no port {port}; ports go from 0 to {LAST_PORT}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            listening.bind((host, port))
            break
        except OSError as error:
            # A child of a server that was killed a moment ago holds the port until it sees that its parent is gone.
            if error.errno == errno.EADDRINUSE and time.monotonic() < until:
                time.sleep(0.1)
                continue
            listening.close()
            raise InvalidInput(
                f"Cannot listen on {host} port {port}: {error.strerror}. Another port: regard serve --port N."
            ) from None
    listening.listen(2048)
    return listening


class Supervisor:
    """Keeps the children alive until asked to stop."""

    def __init__(self, listening: socket.socket) -> None:
        self.listening = listening
        python = [sys.executable, "-m"]
        self.children = [
            Child("web", [*python, "regard.server.web", str(listening.fileno())], (listening.fileno(),)),
            Child("worker", [*python, "regard.server.workers"]),
        ]
        self.stop = threading.Event()

    def run(self, when_ready: Callable[[], None]) -> None:
        """Start the children, call `when_ready` once pages are answered, and watch until `stop` is set."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop.set())
        threading.Thread(target=self._announce, args=(when_ready,), daemon=True).start()
        try:
            while not self.stop.is_set():
                for child in self.children:
                    child.look(time.monotonic())
                self.stop.wait(0.2)
        finally:
            self._end()

    def _announce(self, when_ready: Callable[[], None]) -> None:
        while not self.stop.is_set():
            if answers(self.listening):
                when_ready()
                return
            self.stop.wait(0.2)

    def _end(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for child in self.children:
            child.close()
        self.listening.close()


def answers(listening: socket.socket) -> bool:
    """Whether the web process answers `/healthz` on this socket's address."""
    import http.client

    host, port = listening.getsockname()[:2]
    connection = http.client.HTTPConnection(
        {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=2
    )
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
