"""The proof of an erasure: what was erased where, what is kept, and which copies still hold it until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from regard.apps.customers.erasing.steps import REPEATED
from regard.apps.customers.models import Erased, Erasure
from regard.apps.journal.queries import CopyRow, list_copies

VERSION = 1
TITLES = {
    "identifiers": "identifiers",
    "links": "links between identifiers",
    "traits": "traits",
    "accounts": "memberships of accounts",
    "journal": "items of the journal and staged files",
    "quarantine": "items in quarantine",
    "jobs": "jobs",
    "log": "interactions in the log",
    "log_identities": "links in the log",
    "log_memberships": "memberships in the log",
    "log_traits": "traits in the log",
    "files": "files brought and not yet taken in",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A copy that still holds what was erased: a backup, or a folder that a restore moved aside.

    Args:
        until: when it goes by the organisation's own rule; None: when somebody deletes it.
        is_seen: whether this machine sees it at its place.
    """

    kind: str
    path: str
    made_at: datetime
    until: datetime | None
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one erasure. It names nobody: hashes are keyed with the installation's secret.

    Args:
        erased: by place, how much went; left: by place, how much is still there (nothing, once it is erased).
        clean_by: until when old files on the disk may still hold it; None once they are gone.
        exports: files that were exported before: they are not Regard's to erase.
    """

    id: int
    kind: str
    starts_at: datetime | None
    ends_at: datetime | None
    asked_at: datetime
    asked_by: str
    erased_at: datetime | None
    clean_by: datetime | None
    done_at: datetime | None
    lifted_at: datetime | None
    erased: dict[str, int]
    n_unreadable: int
    held: tuple[Held, ...]
    exports: tuple[CopyRow, ...]
    digests: tuple[str, ...]
    last_error: str

    def as_json(self) -> dict[str, Any]:
        """For machines; `regard restore --proof` reads it, too."""
        period = {"since": _iso(self.starts_at), "until": _iso(self.ends_at)} if self.starts_at else None
        return {
            "version": VERSION,
            "erasure": self.id,
            "kind": self.kind,
            "period": period,
            "asked_at": _iso(self.asked_at),
            "asked_by": self.asked_by or "command line",
            "erased_at": _iso(self.erased_at),
            "clean_by": _iso(self.clean_by),
            "done_at": _iso(self.done_at),
            "lifted_at": _iso(self.lifted_at),
            "erased": self.erased,
            "left": dict.fromkeys(self.erased, 0) if self.erased_at else None,
            "unreadable_segments": self.n_unreadable,
            "kept": {"hashes": list(self.digests)},
            "held": [
                {
                    "kind": one.kind,
                    "path": one.path,
                    "made_at": _iso(one.made_at),
                    "until": _iso(one.until),
                    "seen": one.is_seen,
                }
                for one in self.held
            ],
            "exports": [{"path": one.path, "made_at": _iso(one.made_at)} for one in self.exports],
            "last_error": self.last_error,
        }

    def as_text(self) -> str:
        """For people."""
        return "\n".join(_lines(self))


def make_proof(erasure_id: int, now: datetime) -> Proof | None:
    """The proof of an erasure as it stands now; None where there is no such erasure."""
    row = Erasure.objects.filter(pk=erasure_id).first()
    if row is None:
        return None
    found = {place: n for place, n in row.found.items() if place not in ("hashes", "unreadable_segments")}
    before = [copy for copy in list_copies() if row.erased_at is None or copy.made_at <= row.erased_at]
    digests = Erased.objects.all() if row.kind == REPEATED else Erased.objects.filter(erasure=row)
    return Proof(
        id=row.pk,
        kind=row.kind,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        erased_at=row.erased_at,
        clean_by=None if row.done_at else row.clean_at,
        done_at=row.done_at,
        lifted_at=row.lifted_at,
        erased=found,
        n_unreadable=row.found.get("unreadable_segments", 0),
        held=(*_backups(before, now), *_moved_aside()),
        exports=tuple(copy for copy in before if copy.kind == "export"),
        digests=tuple(sorted(bytes(one).hex() for one in digests.values_list("digest", flat=True))),
        last_error=row.last_error,
    )


def _backups(copies: list[CopyRow], now: datetime) -> list[Held]:
    keep = timedelta(days=settings.REGARD.keep_backups_days)
    return [
        Held("backup", copy.path, copy.made_at, copy.made_at + keep, is_seen)
        for copy in copies
        if copy.kind == "backup" and ((is_seen := Path(copy.path).exists()) or copy.made_at + keep > now)
    ]


def _moved_aside() -> list[Held]:
    folders = sorted(settings.REGARD.data_dir.glob("before-restore-*"))
    return [
        Held("moved aside by a restore", str(folder), _modified_at(folder), None, True) for folder in folders
    ]


def _modified_at(path: Path) -> datetime:
    from datetime import UTC

    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _lines(proof: Proof) -> list[str]:
    whom = f"{proof.starts_at:%F %R} to {proof.ends_at:%F %R} UTC" if proof.starts_at else proof.kind
    lines = [
        f"Erasure {proof.id} ({whom}), asked for {proof.asked_at:%F %R} UTC by {proof.asked_by or 'the command line'}."
    ]
    if proof.last_error:
        lines.append(f"  It failed in the step {proof.last_error}; it is tried again.")
    if proof.erased_at is None:
        lines.append("  It is not complete yet: `regard serve`, or the same command, goes on with it.")
    else:
        lines.append(f"  Erased {proof.erased_at:%F %R} UTC; nothing of it can be asked for any more:")
    lines += [f"  {n:>8,}  {TITLES.get(place, place)}" for place, n in proof.erased.items()]
    if proof.n_unreadable:
        lines.append(
            f"  {proof.n_unreadable} segments of the journal cannot be read and were left as they are."
        )
    if proof.clean_by:
        lines.append(f"  Old files on the disk still hold it; they go soon after {proof.clean_by:%F %R} UTC.")
    if proof.digests:
        lines.append(
            f"Kept: {len(proof.digests)} keyed hashes, by which what comes again is refused, until: "
            f"regard forget --lift {proof.id}"
        )
    lines += [_held_line(one) for one in proof.held]
    lines += [f"Exported, so yours to erase: {one.path} ({one.made_at:%F})" for one in proof.exports]
    return lines


def _held_line(one: Held) -> str:
    until = f"until {one.until:%F}" if one.until else "until you delete it"
    seen = "" if one.is_seen else " (not seen from here)"
    return f"Still held by {one.kind} {one.path} of {one.made_at:%F}, {until}{seen}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
