"""What stood in the warehouse at one moment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of all tables together.

    Args:
        versions: the version of each table.
        files: the addresses of each table's files.
    """

    versions: dict[str, int]
    files: dict[str, tuple[str, ...]]
