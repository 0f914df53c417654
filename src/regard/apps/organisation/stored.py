"""The organisation's settings straight from a store that is one file: for commands that start without Django.

Starting Django takes longer than most answers of `regard metric`. What stands here follows `models.OrganisationSetting`
and `queries.get_settings`; a test holds them together.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

QUESTION = "SELECT zone, currency, ces_threshold FROM organisation_organisationsetting ORDER BY id LIMIT 1"


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """What a figure needs to know of the organisation, as it stands until somebody sets it."""

    zone: str = "UTC"
    currency: str = "EUR"
    ces_threshold: int = 5

    @property
    def metric_settings(self) -> dict[str, float]:
        """What was chosen for metrics, by the name of the metric's setting."""
        return {"easy_from": float(self.ces_threshold)}


def read_stored_settings(store: Path) -> StoredSettings:
    """The settings in a SQLite store; what holds until somebody sets them where there is none of it yet."""
    if not store.exists():
        return StoredSettings()
    with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            row = connection.execute(QUESTION).fetchone()
        except sqlite3.Error:
            return StoredSettings()
    return StoredSettings(*row) if row else StoredSettings()
