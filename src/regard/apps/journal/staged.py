"""What became of staged files, as the projector notes it beside their journal rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regard.apps.journal.models import Segment
from regard.apps.journal.queries import find_position
from regard.apps.journal.services import current_epoch

_AT_ONCE = 500
LOG = "log"  # The consumer that appends.


@dataclass(frozen=True, slots=True)
class Outcome:
    """Over some staged files: how many are projected, and what their rows turned out to be."""

    n_segments: int
    n_waiting: int
    n_new: int
    n_known: int
    n_rejected: int


def has_staged(path: str) -> bool:
    """Whether the journal already has this staged file."""
    return Segment.objects.filter(path=path).exists()


def outcome(paths: Sequence[str]) -> Outcome:
    """What became of the staged files at `paths` so far. A file waits until its rows stand in the log."""
    rows: list[tuple[int, int | None, int | None, int | None]] = []
    for first in range(0, len(paths), _AT_ONCE):
        part = Segment.objects.filter(path__in=paths[first : first + _AT_ONCE])
        rows += part.values_list("seq", "n_new", "n_known", "n_rejected")
    # Counts are noted before the rows are appended.
    appended = find_position(LOG, epoch=current_epoch())
    done = [
        (new, known or 0, rejected or 0)
        for seq, new, known, rejected in rows
        if new is not None and seq <= appended
    ]
    return Outcome(
        n_segments=len(rows),
        n_waiting=len(rows) - len(done),
        n_new=sum(new for new, _, _ in done),
        n_known=sum(known for _, known, _ in done),
        n_rejected=sum(rejected for _, _, rejected in done),
    )
