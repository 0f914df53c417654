"""The catalogues of words: compiled by ourselves from the .po files when Django starts, so that no tool is needed.

Every package brings the words of its own pages in a folder `locale`; what several packages say alike stands in webkit's.
All of them become one catalogue a language. Compiled files are made, never kept: they go to the data folder, or to a
folder of this process where there is none yet.
"""

from __future__ import annotations

import ast
import atexit
import re
import shutil
import struct
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
FILE = Path("LC_MESSAGES") / "django.mo"
MAGIC = 0x950412DE


def list_languages() -> list[str]:
    """The languages that pages are translated into."""
    return sorted({source.parent.parent.name for source in PACKAGE.rglob("locale/*/LC_MESSAGES/django.po")})


def list_sources(language: str) -> list[Path]:
    """The catalogues of one language in every package, the shared one of `webkit` first."""
    found = PACKAGE.rglob(f"locale/{language}/LC_MESSAGES/django.po")
    return sorted(found, key=lambda source: (source.parents[3].name != "webkit", source))


def compile_catalogues(folder: Path) -> Path:
    """Compile every language into `folder`, those that are up to date apart. Returns: the folder to be searched."""
    for language in list_languages():
        sources = list_sources(language)
        target = folder / language / FILE
        state = "\n".join(f"{source} {source.stat().st_mtime_ns}" for source in sources)
        note = target.with_suffix(".from")
        if target.exists() and note.exists() and note.read_text("utf-8") == state:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, compiled([source.read_text("utf-8") for source in sources]))
        _write(note, state.encode())
    return folder


def temporary_folder() -> Path:
    """A folder that is gone when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="regard-words-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _write(target: Path, content: bytes) -> None:
    """Whole or not at all, whichever of several processes is first."""
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as half:
        half.write(content)
    Path(half.name).replace(target)


def compiled(texts: Sequence[str]) -> bytes:
    """The binary form of catalogues, as gettext reads it: two tables of (length, offset), sorted by the original.

    Args:
        texts: the catalogues of one language; of an original that stands in several, the first one counts.
    """
    said: dict[str, str] = {}
    for text in texts:
        for original, translation in messages(text):
            if translation.strip("\x00"):
                said.setdefault(original, translation)
    entries = sorted((original.encode(), translation.encode()) for original, translation in said.items())
    start = 28 + 16 * len(entries)
    originals: list[int] = []
    translations: list[int] = []
    body = b""
    for position, table in ((0, originals), (1, translations)):
        for entry in entries:
            table += [len(entry[position]), start + len(body)]
            body += entry[position] + b"\x00"
    n = len(entries)
    head = struct.pack("<7I", MAGIC, 0, n, 28, 28 + 8 * n, 0, 28 + 16 * n)
    return head + struct.pack(f"<{4 * n}I", *originals, *translations) + body


def messages(text: str) -> Iterator[tuple[str, str]]:
    """Each original with its translation, as the binary form wants them; fuzzy and obsolete ones left out."""
    for block in re.split(r"\n\s*\n", text):
        if re.search(r"^#,.*\bfuzzy\b", block, re.M):
            continue
        parts = _parts([line for line in block.splitlines() if line and not line.startswith("#")])
        if "msgid" not in parts:
            continue
        original = parts["msgid"]
        if "msgid_plural" in parts:
            original += "\x00" + parts["msgid_plural"]
            n = sum(name.startswith("msgstr[") for name in parts)
            translation = "\x00".join(parts[f"msgstr[{i}]"] for i in range(n))
        else:
            translation = parts["msgstr"]
        context = parts.get("msgctxt")
        yield (f"{context}\x04{original}" if context else original), translation


def _parts(lines: list[str]) -> dict[str, str]:
    parts: dict[str, str] = {}
    name = ""
    for line in lines:
        if not line.startswith('"'):
            name, line = line.split(" ", 1)
            parts[name] = ""
        parts[name] += ast.literal_eval(line)
    return parts
