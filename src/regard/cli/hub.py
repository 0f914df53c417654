"""The log of the data folder that the environment names, opened for a command; no server is needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from regard.kernel.errors import InvalidInput
from regard.metrics.hub import Hub

if TYPE_CHECKING:
    from regard.apps.organisation.queries import Settings
    from regard.apps.organisation.stored import StoredSettings


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
    known = _settings(folder)
    url = os.environ.get("REGARD_WAREHOUSE_URL") or str(folder / "warehouse")
    with get_engine(engine).open(Log.open(url), os.environ.get("REGARD_SPARK", "")) as connection:
        yield Hub(connection, ZoneInfo(known.zone), known.currency, known.metric_settings)


def _settings(folder: Path) -> Settings | StoredSettings:
    """What the organisation chose. Django is only started where the operational store is a server's."""
    if os.environ.get("REGARD_DATABASE_URL"):
        from regard.webkit.boot import setup

        setup(migrate=False)
        from regard.apps.organisation.queries import get_settings

        return get_settings()
    from regard.apps.organisation.stored import read_stored_settings

    return read_stored_settings(folder / "regard.sqlite3")
