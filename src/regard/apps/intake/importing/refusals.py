"""Rows that were refused, each once: the same file again, renamed or grown, puts none of them aside a second time."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Count

from regard.apps.intake.importing.history import ImportRow, find_import
from regard.apps.intake.models import RefusedRow
from regard.apps.journal import services as journal
from regard.apps.journal.queries import QuarantineRow
from regard.apps.journal.services import Rejected

_AT_ONCE = 500


class Refusals:
    """Sets the refused rows of one file aside. Equal rows of one file all count, as those taken in do."""

    def __init__(self, row: ImportRow) -> None:
        self._import = row
        self._met: Counter[bytes] = Counter()

    def meet(self, items: Sequence[Rejected]) -> None:
        """Count refused rows that were set aside before this process began."""
        self._met.update(digest_of(item.raw, self._import, item) for item in items)

    def set_aside(self, items: Sequence[Rejected]) -> None:
        """Put into quarantine, in the caller's transaction, those that do not stand there yet."""
        digests = [digest_of(item.raw, self._import, item) for item in items]
        there = _count(self._import.source, set(digests))
        fresh: list[tuple[Rejected, bytes]] = []
        for item, digest in zip(items, digests, strict=True):
            self._met[digest] += 1
            if self._met[digest] > there[digest]:
                there[digest] += 1
                fresh.append((item, digest))
        journal.quarantine([item for item, _ in fresh])
        RefusedRow.objects.bulk_create(
            [
                RefusedRow(
                    file_import_id=self._import.id, source=item.source, digest=digest, line=item.line or 0
                )
                for item, digest in fresh
            ],
            batch_size=500,
        )


def import_of(row: QuarantineRow) -> ImportRow | None:
    """The import that set a row aside; None where it is no longer known."""
    found = RefusedRow.objects.filter(
        source=row.source, line=row.line or 0, file_import__file=row.file
    ).order_by("-id")
    for candidate in found:
        known = find_import(candidate.file_import_id)
        if known is not None and digest_of(row.raw, known, row) == bytes(candidate.digest):
            return known
    return None


def digest_of(raw: str, of: ImportRow, item: Rejected | QuarantineRow) -> bytes:
    """By what a refused row is known again: its header and its text; where it has none, its file and the reason."""
    text = raw.replace("\x00", "\ufffd")
    header = "\x1f".join(of.columns) if of.format == "csv" else ""
    told = f"{header}\x1e{text}" if text else f"{item.file}\x1e{item.reason}"
    key = hashlib.blake2b(settings.REGARD.secret, person=b"refused rows", digest_size=32).digest()
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), key=key, digest_size=16).digest()


def _count(source: str, digests: set[bytes]) -> Counter[bytes]:
    found: Counter[bytes] = Counter()
    wanted = sorted(digests)
    for first in range(0, len(wanted), _AT_ONCE):
        rows = RefusedRow.objects.filter(source=source, digest__in=wanted[first : first + _AT_ONCE])
        for digest, n in rows.values_list("digest").annotate(n=Count("id")):
            found[bytes(digest)] = n
    return found
