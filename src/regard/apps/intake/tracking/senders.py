"""Who may send: the sources by their write keys, and how much each may send now."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable, Sequence

from regard.apps.intake.queries import SourceRow

REFRESH_SECONDS = 2.0
BURST_SECONDS = 2.0
HEADERS_KEPT = 10_000


class Bucket:
    """A token bucket: `rate` tokens a second, at most `BURST_SECONDS` of them saved up."""

    def __init__(self, rate: int, now: float) -> None:
        self.rate = rate
        self.tokens = rate * BURST_SECONDS
        self.at = now

    def wait_seconds(self, n: int, now: float) -> float:
        """Take `n` tokens and return 0, or take none and return how long to wait.

        A request of more than ever fits is let in when the bucket is full, and paid off afterwards.
        """
        full = self.rate * BURST_SECONDS
        self.tokens = min(full, self.tokens + (now - self.at) * self.rate)
        self.at = now
        missing = min(n, full) - self.tokens
        if missing > 0:
            return missing / self.rate
        self.tokens -= n
        return 0.0


class Senders:
    """The sources as the tracking API sees them: read again every two seconds, kept in memory between.

    Args:
        load: reads all sources; called in whatever thread calls `refresh`.
    """

    def __init__(
        self, load: Callable[[], Sequence[SourceRow]], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.load, self.clock = load, clock
        self._by_key: dict[str, SourceRow] = {}
        self._by_header: dict[bytes, SourceRow] = {}
        self._buckets: dict[str, Bucket] = {}
        self.read_at = 0.0

    def refresh(self) -> None:
        """Read the sources again. On failure the known ones stay."""
        by_key = {source.write_key: source for source in self.load()}
        if by_key != self._by_key:
            self._by_key, self._by_header = by_key, {}
        self.read_at = self.clock()

    def by_header(self, header: bytes) -> SourceRow | None:
        """The source whose write key is the user of this Basic authorisation."""
        known = self._by_header.get(header)
        if known is not None:
            return known
        scheme, _, value = header.partition(b" ")
        if scheme.lower() != b"basic":
            return None
        try:
            key = base64.b64decode(value.strip(), validate=True).partition(b":")[0].decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        source = self._by_key.get(key)
        if source is not None and len(self._by_header) < HEADERS_KEPT:
            self._by_header[header] = source
        return source

    def by_key(self, key: str) -> SourceRow | None:
        """The source with this write key."""
        return self._by_key.get(key)

    def wait_seconds(self, source: SourceRow, n: int) -> float:
        """0 where the source may send `n` items now, else how long it should wait."""
        if not source.rate_per_second:
            return 0.0
        now = self.clock()
        bucket = self._buckets.get(source.key)
        if bucket is None or bucket.rate != source.rate_per_second:
            bucket = self._buckets[source.key] = Bucket(source.rate_per_second, now)
        return bucket.wait_seconds(n, now)
