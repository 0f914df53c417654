"""The catalogues of words: complete, sound, and compiled as gettext reads them."""

from __future__ import annotations

import gettext
import io
import re
from pathlib import Path

import polib
import pytest

from regard.webkit import catalogues

LANGUAGES = ("el", "hy", "pl", "ru")


def source(language: str) -> Path:
    return catalogues.SOURCES / language / "LC_MESSAGES" / "django.po"


def names_in(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated_with_the_same_places_for_figures(language: str) -> None:
    for entry in polib.pofile(str(source(language))):
        said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        assert all(said), entry.msgid
        assert not entry.fuzzy
        for one in said:
            assert names_in(one) == names_in(entry.msgid), entry.msgid


def test_every_language_knows_the_same_words() -> None:
    known = [{entry.msgid for entry in polib.pofile(str(source(language)))} for language in LANGUAGES]
    assert all(words == known[0] for words in known)


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_compiler_gives_what_the_usual_one_gives(language: str) -> None:
    ours = gettext.GNUTranslations(io.BytesIO(catalogues.compiled(source(language).read_text("utf-8"))))
    usual = gettext.GNUTranslations(io.BytesIO(polib.pofile(str(source(language))).to_binary()))
    assert ours._catalog == usual._catalog  # type: ignore[attr-defined]


def test_polish_and_russian_have_their_three_plurals() -> None:
    def say(language: str, n: int) -> str:
        words = gettext.GNUTranslations(io.BytesIO(catalogues.compiled(source(language).read_text("utf-8"))))
        return words.ngettext("%(n)s comment", "%(n)s comments", n) % {"n": n}

    assert [say("pl", n) for n in (1, 3, 5, 12, 22)] == [
        "1 komentarz",
        "3 komentarze",
        "5 komentarzy",
        "12 komentarzy",
        "22 komentarze",
    ]
    assert [say("ru", n) for n in (1, 3, 5, 11, 21)] == [
        "1 комментарий",
        "3 комментария",
        "5 комментариев",
        "11 комментариев",
        "21 комментарий",
    ]


def test_a_catalogue_is_compiled_once_and_again_when_it_changed(tmp_path: Path) -> None:
    catalogues.compile_catalogues(tmp_path)
    made = tmp_path / "pl" / catalogues.FILE
    first = made.stat().st_ino
    catalogues.compile_catalogues(tmp_path)
    assert made.stat().st_ino == first
    import os

    os.utime(made, ns=(1, 1))
    catalogues.compile_catalogues(tmp_path)
    assert made.stat().st_mtime_ns == source("pl").stat().st_mtime_ns
