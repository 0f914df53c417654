"""The state of the log over which the homes were last counted, as a note beside the counts.

Whoever looks at a long log while things arrive finds the counts of this state ready, and waits for nothing.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from regard.warehouse.snapshot import Snapshot

NOTE, FORGOTTEN = "counted.json", "forgotten"
# Files that a newer state no longer needs stay for half an hour.
OF_USE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, and when.

    Args:
        snapshot: the state of the log.
        at: when counting began. looked_at: the moment of looking that the figures have.
    """

    snapshot: Snapshot
    at: datetime
    looked_at: datetime

    def is_of_use(self, now: datetime) -> bool:
        """Whether a page at `now` may still be made of this state."""
        return timedelta() <= now - self.at < OF_USE


def read_counted(folder: Path) -> Counted | None:
    """The note in the folder of the counts; None where there is none."""
    try:
        told = json.loads((folder / NOTE).read_bytes())
        files = {name: tuple(listed) for name, listed in told["files"].items()}
        at, looked_at = (datetime.fromisoformat(told[name]) for name in ("at", "looked_at"))
        return Counted(Snapshot(told["versions"], files), at, looked_at)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def note_counted(folder: Path, counted: Counted) -> bool:
    """Leave the note, unless something was deleted from the log since counting began. Returns whether it was left."""
    with suppress(OSError):
        if (folder / FORGOTTEN).stat().st_mtime >= counted.at.timestamp():
            return False
    told = {
        "versions": counted.snapshot.versions,
        "files": counted.snapshot.files,
        "at": counted.at.isoformat(),
        "looked_at": counted.looked_at.isoformat(),
    }
    fresh = folder / f".{uuid4().hex}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.write_text(json.dumps(told))
        fresh.replace(folder / NOTE)
    finally:
        fresh.unlink(missing_ok=True)
    return True


def forget_counted(folder: Path) -> None:
    """Take the note away: what was deleted from the log is on no page from now on."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / FORGOTTEN).touch()
    (folder / NOTE).unlink(missing_ok=True)
