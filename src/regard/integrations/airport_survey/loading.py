"""Loads the shipped cut of the airport survey into the hub, or copies its files to a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

from regard.integrations.airport_survey.cutting import HERE, YEARS, full_name

SOURCE = "airport"
TITLE = "San Francisco airport survey 2010–2017 (real answers)"
UNITS: list[tuple[str, str, str | None]] = [
    ("airport", "San Francisco airport", None),
    *((f"terminal-{number}", f"Terminal {number}", "airport") for number in range(1, 5)),
    *((f"boarding-area-{letter}", f"Boarding area {letter}", "airport") for letter in "ABCDEFG"),
]


def copy(folder: Path) -> None:
    """Copy the answers, the mappings and the attribution to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("cuts", "maps"):
        shutil.copytree(HERE / part, folder / part, dirs_exist_ok=True)
    shutil.copy(HERE / "ATTRIBUTION.txt", folder)


def load() -> tuple[int, int, int]:
    """Import every year with its mapping. Returns interactions new, already known and rejected."""
    from regard.webkit import boot

    boot.setup()
    from regard.apps.intake.importing.services import import_files
    from regard.apps.intake.services import ensure_source
    from regard.integrations.sample_company.loading import prepare

    prepare("San Francisco airport", "America/Los_Angeles", "USD", UNITS)
    ensure_source(SOURCE, title=TITLE)
    reports = [
        report
        for year in YEARS
        for report in import_files(
            [HERE / "cuts" / full_name(year)], source=SOURCE, mapping=HERE / "maps" / f"{year}.toml"
        )
    ]
    new, known, rejected = (
        sum(getattr(report, name) for report in reports) for name in ("n_new", "n_known", "n_rejected")
    )
    return new, known, rejected
