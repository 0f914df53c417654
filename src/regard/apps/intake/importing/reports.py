"""What an import tells: how it goes, and what came of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Report:
    """What an import told: rows read, and interactions new, already known and set aside.

    Args:
        mapping_file: where a guessed mapping was written for the next time.
        notes: the reasons of the guesses, and what else should be looked at.
        problem: why the file as a whole could not be taken in.
    """

    file: str
    source: str
    n_read: int
    n_new: int
    n_known: int
    n_rejected: int
    n_waiting: int
    seconds: float
    mapping_file: str | None
    notes: tuple[str, ...]
    problem: str | None = None

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {**asdict(self), "notes": list(self.notes)}


class Watcher:
    """Is told how an import goes; this one keeps silent."""

    def reading(self, file: str, n_rows: int, share: float) -> None:
        """`n_rows` of `file` are journaled; `share` of it is read."""

    def projecting(self, n_done: int, n_all: int) -> None:
        """`n_done` of `n_all` staged files can be asked about."""
