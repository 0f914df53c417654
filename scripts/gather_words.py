#!/usr/bin/env python3
"""Brings every package's catalogues up to date with what its templates and code say.

    python scripts/gather_words.py [PACKAGE...]     such as apps/dashboards; all of them where none is named

What is new is added without a translation (the tests fail until it has one), unless webkit's catalogue, which all share,
has it already. What nobody says any more is taken out.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import polib

from regard.webkit.catalogues import PACKAGE, list_languages
from regard.webkit.gathering import Said, gather

SHARED = PACKAGE / "webkit"


def catalogue_of(package: Path, language: str) -> Path:
    """Where a package keeps its words of one language."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> polib.POFile:
    """The catalogue, or a new one with the rules of its language."""
    if path.exists():
        return polib.pofile(str(path), wrapwidth=100)
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = polib.pofile(str(catalogue_of(SHARED, language))).metadata
    return fresh


def entry_of(said: Said, n_forms: int) -> polib.POEntry:
    """An entry that waits for its translation."""
    entry = polib.POEntry(msgid=said.text, flags=["python-format"] if said.is_formatted else [])
    if said.plural:
        entry.msgid_plural = said.plural
        entry.msgstr_plural = dict.fromkeys(range(n_forms), "")
    return entry


def update(path: Path, language: str, wanted: dict[str, Said], kept: set[str]) -> None:
    """Add what is wanted, take out what is neither wanted nor kept, and sort."""
    catalogue = read(path, language)
    known = {entry.msgid: entry for entry in catalogue}
    n_forms = int(catalogue.metadata["Plural-Forms"].split("=")[1].split(";")[0])
    entries = [entry for text, entry in known.items() if text in wanted or text in kept]
    new = [entry_of(said, n_forms) for text, said in wanted.items() if text not in known]
    gone = [text for text in known if text not in wanted and text not in kept]
    if not new and not gone:
        return
    catalogue[:] = sorted([*entries, *new], key=lambda entry: entry.msgid)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    print(f"{path.relative_to(PACKAGE)}: {len(new)} new, {len(gone)} gone")


def main(chosen: Sequence[str]) -> None:
    """Go through the chosen packages, or all of them, in every language."""
    said = gather()
    everything = {text for words in said.values() for text in words}
    packages = {*said, *(folder.parent for folder in PACKAGE.rglob("locale"))}
    if chosen:
        packages &= {PACKAGE / name for name in chosen}
    for language in list_languages():
        shared = {entry.msgid for entry in read(catalogue_of(SHARED, language), language)}
        for package in sorted(packages):
            words = said.get(package, {})
            if package == SHARED:
                update(catalogue_of(package, language), language, words, everything)
                continue
            wanted = {text: one for text, one in words.items() if text not in shared}
            update(catalogue_of(package, language), language, wanted, set())


if __name__ == "__main__":
    main(sys.argv[1:])
