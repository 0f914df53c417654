"""The log of the data folder that the environment names, opened for a command; no server is needed."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from regard.kernel.errors import InvalidInput
from regard.metrics.hub import Hub

SETTINGS = "SELECT zone, currency FROM organisation_organisationsetting ORDER BY id LIMIT 1"


@contextmanager
def open_hub(engine: str = "duckdb") -> Iterator[Hub]:
    """The hub of the data folder that the environment names, asked through one of the engines.

    Raises: InvalidInput where there is no such folder or engine, or the engine is not installed.
    """
    from regard.warehouse.engines.engine import get_engine
    from regard.warehouse.log import Log

    folder = Path(os.environ.get("REGARD_DATA_DIR") or "regard-data").expanduser().absolute()
    if not folder.is_dir():
        raise InvalidInput(
            f"There is no data folder {folder}. Set REGARD_DATA_DIR, import something first, or ask a file with --from."
        )
    zone, currency = _settings(folder)
    url = os.environ.get("REGARD_WAREHOUSE_URL") or str(folder / "warehouse")
    with get_engine(engine).open(Log.open(url), os.environ.get("REGARD_SPARK", "")) as connection:
        yield Hub(connection, ZoneInfo(zone), currency)


def _settings(folder: Path) -> tuple[str, str]:
    """The organisation's zone and currency, UTC and EUR until somebody sets them.

    Read past Django where the operational store is a file, because starting Django takes longer than most answers.
    """
    if os.environ.get("REGARD_DATABASE_URL"):
        from regard.webkit.boot import setup

        setup(migrate=False)
        from regard.apps.organisation.queries import get_settings

        known = get_settings()
        return known.zone, known.currency
    store = folder / "regard.sqlite3"
    if not store.exists():
        return "UTC", "EUR"
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        try:
            row = connection.execute(SETTINGS).fetchone()
        except sqlite3.Error:
            return "UTC", "EUR"
    return (row[0], row[1]) if row else ("UTC", "EUR")
