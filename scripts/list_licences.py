"""Writes docs/dependencies.md: every installed run-time dependency with its version and licence."""

from __future__ import annotations

import re
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def licence(name: str) -> str:
    """The licence that a distribution declares, in one line."""
    about = metadata(name)
    if expression := about.get("License-Expression"):
        return expression
    kinds = [
        line.rsplit(" :: ", 1)[-1]
        for line in about.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    return ", ".join(kinds) or (about.get("License") or "not declared").splitlines()[0][:60]


def rows() -> list[str]:
    """One table row a locked run-time dependency."""
    lines = (ROOT / "requirements/base.txt").read_text().splitlines()
    names = dict.fromkeys(
        re.split(r"[=\s;\[]", line, maxsplit=1)[0] for line in lines if line and line[0] not in "# "
    )
    found = []
    for name in names:
        try:
            about = metadata(name)
        except ModuleNotFoundError:
            continue  # for another platform
        found.append(
            f"| {name} | {about['Version']} | {licence(name)} | {(about['Summary'] or '').strip()} |"
        )
    return found


def main() -> None:
    """Write the page."""
    page = [
        "# Dependencies and their licences",
        "",
        "What `pip install regard` brings, as locked. Made by `scripts/list_licences.py`; a test keeps it true.",
        "PostgreSQL is an extra: `psycopg` (LGPL, used as a library).",
        "",
        "| package | version | licence | what it is |",
        "| --- | --- | --- | --- |",
        *rows(),
        "",
    ]
    (ROOT / "docs/dependencies.md").write_text("\n".join(page))


if __name__ == "__main__":
    main()
