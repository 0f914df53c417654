"""What was erased does not come back: items that carry an erased identifier, or fell in an erased period, are dropped."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
import numpy as np
from django.conf import settings
from django.db.models import Count, Sum

from regard.apps.customers.erasing.mentions import identifiers_in, source_in
from regard.apps.customers.models import Erased, Erasure
from regard.apps.customers.resolution.digests import digest_of, hashes_of, make_who
from regard.apps.customers.resolution.index import Keys
from regard.apps.journal.objections import OBJECTIONS, Refuses, Rows

PERIOD = "period"
NOBODY = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Rules:
    """What may not enter.

    Args:
        digests: of erased identifiers, as the store keeps them.
        periods: starts and ends of erased periods.
    """

    digests: frozenset[bytes]
    periods: tuple[tuple[datetime, datetime], ...] = ()
    high: Keys = field(init=False)
    low: Keys = field(init=False)

    def __post_init__(self) -> None:
        halves = np.frombuffer(b"".join(sorted(self.digests)), dtype=">u8").reshape(-1, 2).astype(np.uint64)
        object.__setattr__(self, "high", halves[:, 0])
        object.__setattr__(self, "low", halves[:, 1])

    def find_rows(self, connection: duckdb.DuckDBPyConnection, table: str) -> Rows:
        """The row ids of `table` that these rules name."""
        found = [NOBODY]
        if self.digests:
            make_who(connection, table, settings.REGARD.secret)
            found.append(np.flatnonzero(self._holds(*hashes_of(connection)).any(axis=1)))
            connection.execute("DROP TABLE who")
        for start, end in self.periods:
            rows = connection.execute(
                f"SELECT rowid AS id FROM {table} WHERE occurred_at >= $1 AND occurred_at < $2", [start, end]
            ).fetchnumpy()
            found.append(np.asarray(rows["id"], dtype=np.int64))
        return np.unique(np.concatenate(found))

    def names(self, source: str, raw: str, file: str = "") -> bool:
        """Whether a text, as it came, names an erased identifier."""
        if not self.digests:
            return False
        source = source_in(raw) or source
        secret = settings.REGARD.secret
        named = set(identifiers_in(raw, file=file, source=source))
        return any(digest_of(secret, kind, source, value) in self.digests for kind, value in named)

    def _holds(self, high: Keys, low: Keys) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        # The erased are few beside what comes: look each up among them. Halves of 64 bits do not collide in practice.
        at = np.minimum(np.searchsorted(self.high, high), len(self.high) - 1)
        held: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = (self.high[at] == high) & (
            self.low[at] == low
        )
        return held


class Refusing:
    """Refuses what was erased. The rules are read again when an erasure was begun or lifted."""

    key = "erased"

    def __init__(self) -> None:
        self._seen: Hashable = None
        self._rules = Rules(frozenset())

    def find_rows(self, connection: duckdb.DuckDBPyConnection, table: str) -> Rows:
        """See Objection."""
        return self.rules().find_rows(connection, table)

    def refuser(self) -> Refuses | None:
        """See Objection."""
        rules = self.rules()
        return rules.names if rules.digests else None

    def rules(self) -> Rules:
        """The rules as they stand now."""
        # `highest` is set in the transaction that writes the hashes down.
        state = Erasure.objects.aggregate(n=Count("id"), lifted=Count("lifted_at"), begun=Sum("highest"))
        seen = tuple(state.values())
        if seen != self._seen:
            self._rules = Rules(_digests(), tuple(_periods()))
            self._seen = seen
        return self._rules


def _digests() -> frozenset[bytes]:
    return frozenset(bytes(digest) for digest in Erased.objects.values_list("digest", flat=True))


def _periods() -> Sequence[tuple[datetime, datetime]]:
    rows = Erasure.objects.filter(kind=PERIOD, lifted_at=None).order_by("id")
    return [(start, end) for start, end in rows.values_list("starts_at", "ends_at") if start and end]


REFUSING = Refusing()
OBJECTIONS.register(REFUSING)
