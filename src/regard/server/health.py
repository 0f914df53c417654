"""Whether the server is well: `/healthz` (alive), `/readyz` (able to work), `/metrics` (figures for Prometheus)."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime
from typing import Any

import msgspec

from regard.apps.intake.tracking.app import Receive, Scope, Send
from regard.apps.intake.tracking.writer import GroupWriter
from regard.apps.journal import queries
from regard.webkit.boot import Installation

LOOK_LIMIT_SECONDS = 30
FREE_BYTES = 200_000_000
RETRY_SECONDS = 2.0

# Its name, what kind it is, what it says, and its value.
Figure = tuple[str, str, str, float]


class Health:
    """What was last seen of the stores, looked at twice a second, and the answers made from it."""

    addresses = frozenset({"/healthz", "/readyz", "/metrics"})

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.writer: GroupWriter | None = None
        self.begun = self.looked_at = time.monotonic()
        self.lag = queries.Lag(0, 0, 0, None)
        self.problem = "not started yet"
        self.n_parked = 0
        self.quarantine: dict[str, int] = {}
        self._overloaded = False
        self._counted_at = 0.0

    def refresh(self) -> None:
        """Look at the stores. Raises: what they raise."""
        self.lag = queries.lag(queries.slowest_position())
        if time.monotonic() - self._counted_at > 5:
            self.n_parked = len(queries.list_parked())
            self.quarantine = queries.count_quarantine()
            self._counted_at = time.monotonic()
        self._overloaded = self._too_much()
        self.looked_at, self.problem = time.monotonic(), ""

    def note_failure(self, error: Exception) -> None:
        """The stores could not be looked at."""
        self.problem = f"the operational store does not answer ({type(error).__name__})"

    def _too_much(self) -> bool:
        """Whether more waits than may; once too much, until half of it is done."""
        share = 0.5 if self._overloaded else 1.0
        limits = self.installation
        return (
            self.lag.n_segments >= limits.max_waiting_segments * share
            or self.lag.n_bytes >= limits.max_waiting_bytes * share
        )

    def overload_seconds(self) -> float:
        """How long senders should wait because too much waits already; 0 where all is well."""
        return RETRY_SECONDS if self._overloaded else 0.0

    def problems(self) -> list[str]:
        """Why the server cannot do its work; empty where it can."""
        found = [self.problem] if self.problem else []
        if time.monotonic() - self.looked_at > LOOK_LIMIT_SECONDS:
            found.append("the operational store has not answered for 30 seconds")
        if self.writer is None or not self.writer.is_alive():
            found.append("the writer of the journal does not run")
        if self._overloaded:
            found.append("too much waits for the projector")
        if shutil.disk_usage(self.installation.data_dir).free < FREE_BYTES:
            found.append("less than 200 MB of disk are free")
        return found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == "/metrics":
            await _answer(send, 200, self.figures().encode(), b"text/plain; version=0.0.4; charset=utf-8")
            return
        problems = self.problems() if path == "/readyz" else []
        if path == "/healthz" and self.writer is not None and not self.writer.is_alive():
            problems = ["the writer of the journal does not run"]
        body = self.report(problems)
        await _answer(send, 503 if problems else 200, msgspec.json.encode(body), b"application/json")

    def report(self, problems: list[str]) -> dict[str, Any]:
        """What is told of the server: well, impaired (it works, and something waits for a person) or unwell."""
        parked = [f"{self.n_parked} parked: see the operations page"] if self.n_parked else []
        return {
            "status": "unwell" if problems else "impaired" if parked else "well",
            "problems": [*problems, *parked],
            "lag": self._lag(),
            "parked": self.n_parked,
            "quarantine": sum(self.quarantine.values()),
        }

    def _lag(self) -> dict[str, Any]:
        lag = self.lag
        seconds = (datetime.now(UTC) - lag.oldest_at).total_seconds() if lag.oldest_at else 0.0
        return {
            "segments": lag.n_segments,
            "interactions": lag.n_interactions,
            "bytes": lag.n_bytes,
            "seconds": round(max(0.0, seconds), 3),
        }

    def figures(self) -> str:
        """All figures in Prometheus' text format."""
        lines = [
            line
            for name, kind, text, value in (*self._of_projector(), *self._of_writer())
            for line in (f"# HELP {name} {text}.", f"# TYPE {name} {kind}", f"{name} {value:g}")
        ]
        by_reason = "regard_quarantine_open_by_reason"
        lines += [f"# HELP {by_reason} Items set aside and open, by reason.", f"# TYPE {by_reason} gauge"]
        lines += [f'{by_reason}{{reason="{name}"}} {n}' for name, n in self.quarantine.items()]
        return "\n".join(lines) + "\n"

    def _of_projector(self) -> list[Figure]:
        lag = self._lag()
        return [
            ("regard_lag_segments", "gauge", "Segments that wait for the projector", lag["segments"]),
            (
                "regard_lag_interactions",
                "gauge",
                "Interactions that wait for the projector",
                lag["interactions"],
            ),
            ("regard_lag_bytes", "gauge", "Compressed bytes that wait for the projector", lag["bytes"]),
            ("regard_lag_seconds", "gauge", "Age of the oldest segment that waits", lag["seconds"]),
            ("regard_parked", "gauge", "Batches that a consumer could not take", self.n_parked),
            ("regard_quarantine_open", "gauge", "Items set aside", sum(self.quarantine.values())),
            ("regard_up_seconds", "counter", "Since the web process began", time.monotonic() - self.begun),
        ]

    def _of_writer(self) -> list[Figure]:
        writer = self.writer
        if writer is None:
            return []
        return [
            ("regard_taken_total", "counter", "Interactions stored since start", writer.n_stored),
            ("regard_known_total", "counter", "Interactions sent again since start", writer.n_known),
            ("regard_commits_total", "counter", "Commits of the tracking API since start", writer.n_commits),
            ("regard_commits_failed_total", "counter", "Commits that failed since start", writer.n_failed),
            ("regard_recent_ids", "gauge", "Ids kept in memory", len(writer.recent)),
        ]


async def _answer(send: Send, status: int, body: bytes, content_type: bytes) -> None:
    headers = [
        (b"content-type", content_type),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
