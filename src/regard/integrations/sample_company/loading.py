"""Loads the sample company into the hub, through the same import as anybody's data."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from regard.integrations.sample_company.company import CURRENCY, NAME, SOURCE, TITLE, ZONE, units
from regard.integrations.sample_company.generate import Written
from regard.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sample company: the same three give the same data."""

    customers: int
    seed: int
    until: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, and how long the import took."""

    wanted: Wanted
    n_read: int
    n_new: int
    n_known: int
    n_rejected: int
    seconds: float

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return asdict(self)


def load(
    *, customers: int, seed: int, until: date | None, today: date, write: Callable[[Path, date], Written]
) -> Loaded:
    """Write the files into the data folder, import them, and set up units and settings.

    Stopped at any moment, the same call goes on; called again, it adds nothing.

    Args:
        until: the day before which the two years end; None for that of the load before, else `today`.
        write: generates the company into a folder.

    Raises: InvalidInput where another sample company is loaded already.
    """
    from regard.webkit import boot

    boot.setup()
    from django.conf import settings

    folder: Path = settings.REGARD.data_dir
    wanted = remember(folder / "sample.json", customers, seed, until, today)
    files = folder / "tmp" / "sample"
    written = write(files, date.fromisoformat(wanted.until))
    prepare(NAME, ZONE, CURRENCY, [(row.unit, row.title, row.parent) for row in units()])
    n_read, n_new, n_known, n_rejected, seconds = _import(written)
    shutil.rmtree(files, ignore_errors=True)
    return Loaded(wanted, n_read, n_new, n_known, n_rejected, seconds)


def prepare(name: str, zone: str, currency: str, tree: list[tuple[str, str, str | None]]) -> None:
    """Add units to those that are there, and set name, zone and currency where the organisation has not chosen yet."""
    from regard.apps.organisation import queries, services
    from regard.apps.organisation.queries import UnitCard

    if queries.get_settings() == queries.Settings():
        services.change_settings(name=name, zone=zone, currency=currency)
    wanted = {card.key: card for card in queries.list_units()}
    wanted |= {key: UnitCard(key, title, parent) for key, title, parent in tree}
    services.set_units(wanted.values())


def _import(written: Written) -> tuple[int, int, int, int, float]:
    """Take the files in. Returns rows read, new, known and rejected, and the seconds that it took."""
    from regard.apps.intake.importing.services import import_files
    from regard.apps.intake.importing.watching import ShownProgress
    from regard.apps.intake.services import ensure_source

    ensure_source(SOURCE, title=TITLE, is_made_up=True)
    with ShownProgress() as watcher:
        reports = import_files(written.interactions, source=SOURCE, watcher=watcher, is_made_up=True)
    sums = [
        sum(getattr(report, name) for report in reports)
        for name in ("n_read", "n_new", "n_known", "n_rejected")
    ]
    return sums[0], sums[1], sums[2], sums[3], sum(report.seconds for report in reports)


def remember(note: Path, customers: int, seed: int, until: date | None, today: date) -> Wanted:
    """What to load, noted in the data folder, so that two days running do not load two companies."""
    before = Wanted(**json.loads(note.read_text(encoding="utf-8"))) if note.exists() else None
    day = until.isoformat() if until else before.until if before else today.isoformat()
    wanted = Wanted(customers, seed, day)
    if before is not None and before != wanted:
        raise InvalidInput(
            f"The sample company is here already, with {before.customers:,} customers, seed {before.seed}, until "
            f"{before.until}. Load another into a folder of its own: set REGARD_DATA_DIR."
        )
    note.write_text(json.dumps(asdict(wanted)), encoding="utf-8")
    return wanted
