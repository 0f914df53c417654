"""The catalogues of words: complete, sound, and compiled as gettext reads them."""

from __future__ import annotations

import gettext
import io
import os
import re
from pathlib import Path

import polib
import pytest

from regard.webkit import catalogues
from regard.webkit.gathering import gather, said_in_code, said_in_template

LANGUAGES = ("el", "hy", "pl", "ru")
PACKAGES = sorted(gather())
CATALOGUES = [source for language in LANGUAGES for source in catalogues.list_sources(language)]


def name_of(source: Path) -> str:
    return str(source.relative_to(catalogues.PACKAGE).parent.parent)


def texts_of(language: str) -> list[str]:
    return [source.read_text("utf-8") for source in catalogues.list_sources(language)]


def names_in(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", text))


def test_there_is_a_catalogue_of_every_language() -> None:
    assert catalogues.list_languages() == list(LANGUAGES)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_every_word_that_a_package_says_stands_in_its_catalogue_or_in_the_shared_one(package: Path) -> None:
    said = [(one.text, one.plural) for one in gather(package)[package].values()]
    for language in LANGUAGES:
        known = {
            (entry.msgid, entry.msgid_plural)
            for source in catalogues.list_sources(language)
            for entry in polib.pofile(str(source))
            if source.parents[3] in (package, catalogues.PACKAGE / "webkit")
        }
        missing = [words for words in said if words not in known]
        assert not missing, f"{language}: `make translations` adds them to the catalogues"


@pytest.mark.parametrize("source", CATALOGUES, ids=name_of)
def test_everything_is_translated_with_the_same_places_for_figures(source: Path) -> None:
    catalogue = polib.pofile(str(source))
    n_forms = int(catalogue.metadata["Plural-Forms"].split("=")[1].split(";")[0])
    for entry in catalogue:
        said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        assert all(said), entry.msgid
        assert len(said) == (n_forms if entry.msgid_plural else 1), entry.msgid
        assert not entry.fuzzy
        for one in said:
            assert names_in(one) == names_in(entry.msgid_plural or entry.msgid), entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_two_packages_say_alike_is_translated_alike(language: str) -> None:
    said: dict[str, dict[str, str]] = {}
    for source in catalogues.list_sources(language):
        for original, translation in catalogues.messages(source.read_text("utf-8")):
            if original:
                said.setdefault(original, {})[name_of(source)] = translation
    assert not {text: by for text, by in said.items() if len(set(by.values())) > 1}


@pytest.mark.parametrize("source", CATALOGUES, ids=name_of)
def test_our_own_compiler_gives_what_the_usual_one_gives(source: Path) -> None:
    ours = gettext.GNUTranslations(io.BytesIO(catalogues.compiled([source.read_text("utf-8")])))
    usual = gettext.GNUTranslations(io.BytesIO(polib.pofile(str(source)).to_binary()))
    assert ours._catalog == usual._catalog  # type: ignore[attr-defined]


def test_polish_and_russian_have_their_three_plurals() -> None:
    def say(language: str, n: int) -> str:
        words = gettext.GNUTranslations(io.BytesIO(catalogues.compiled(texts_of(language))))
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


def test_all_packages_become_one_catalogue_that_is_made_again_when_one_of_them_changed(
    tmp_path: Path,
) -> None:
    catalogues.compile_catalogues(tmp_path)
    made = tmp_path / "pl" / catalogues.FILE
    words = gettext.GNUTranslations(io.BytesIO(made.read_bytes()))
    assert words.gettext("Sign in") == "Zaloguj się"
    assert words.gettext("Where it hurts") != "Where it hurts"
    first = made.stat().st_ino
    catalogues.compile_catalogues(tmp_path)
    assert made.stat().st_ino == first
    note = made.with_suffix(".from")
    note.write_text(note.read_text() + "0")
    os.utime(made, ns=(1, 1))
    catalogues.compile_catalogues(tmp_path)
    assert made.stat().st_mtime_ns != 1


def test_words_are_found_in_code_by_whatever_name_they_are_called() -> None:
    code = (
        "from django.utils.translation import gettext_lazy as _, gettext as now, ngettext\n"
        "A = _('one' ' two')\nnow('three')\nngettext('%(n)s day', '%(n)s days', n)\nother('not this')\n"
    )
    assert {(said.text, said.plural) for said in said_in_code(code)} == {
        ("one two", ""),
        ("three", ""),
        ("%(n)s day", "%(n)s days"),
    }


def test_words_are_found_in_templates_with_their_plurals() -> None:
    template = """{% load i18n %}<a title='{% translate "It's" %}'>{% translate '95% interval' as x %}
    {% blocktranslate count n=found %}{{ n }} case{% plural %}{{ n }} cases{% endblocktranslate %}</a>"""
    assert [(said.text, said.plural) for said in said_in_template(template)] == [
        ("It's", ""),
        ("95%% interval", ""),
        ("%(n)s case", "%(n)s cases"),
    ]
