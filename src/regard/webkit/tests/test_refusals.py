"""Refusals in the reader's language: every sentence that a slice may show has its words."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import polib
import pytest
from django.utils import translation
from django.utils.translation import gettext_noop as _kept

from regard.kernel.errors import InvalidInput, Word, unknown_name
from regard.webkit import catalogues
from regard.webkit.refusals import Refusal, refusal_of

# What these modules refuse may be shown on a page.
SHOWN = (
    "apps/cases/policy.py",
    "apps/cases/services.py",
    "apps/customers/services.py",
    "apps/intake/importing/replaying.py",
    "apps/intake/services.py",
    "apps/journal/corrections.py",
    "apps/organisation/services.py",
    "apps/organisation/stages.py",
    "apps/organisation/working.py",
)


def calls_in(module: str, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse((catalogues.PACKAGE / module).read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def text_of(call: ast.Call) -> str:
    [text] = call.args
    assert isinstance(text, ast.Constant)
    return str(text.value)


def says_itself(sentence: ast.expr) -> bool:
    """Whether it is text put together on the spot, which no catalogue can hold."""
    is_kept = isinstance(sentence, ast.Call) and isinstance(sentence.func, ast.Name)
    return not is_kept and not isinstance(sentence, ast.Name | ast.Subscript)


@pytest.mark.parametrize("module", SHOWN)
def test_every_sentence_that_a_page_may_show_stands_in_all_catalogues(module: str) -> None:
    refused = calls_in(module, "InvalidInput", "unknown_name")
    written = [f"{module}:{one.lineno}" for one in refused if says_itself(one.args[0])]
    assert not written, "write the sentence with places, as _kept(...), and what stands in them beside it"
    said = {text_of(one) for one in calls_in(module, "_kept")}
    assert said
    for language in catalogues.list_languages():
        known = {
            entry.msgid
            for source in catalogues.list_sources(language)
            for entry in polib.pofile(str(source))
            if entry.msgstr
        }
        assert said <= known, language


def test_a_refusal_is_told_in_the_readers_language_with_what_was_given() -> None:
    error = InvalidInput(_kept("%(what)s is missing."), what=Word("A note"))
    assert str(error) == "A note is missing."
    with translation.override("el"):
        assert refusal_of(error) == Refusal("Λείπει: σημείωση.")


def test_what_was_given_is_never_translated() -> None:
    error = InvalidInput("%(what)s is missing.", what="A note")
    with translation.override("el"):
        assert refusal_of(error) == Refusal("Λείπει: A note.")


def test_an_unknown_name_says_in_the_readers_language_what_was_to_be_named() -> None:
    with translation.override("pl"):
        told = refusal_of(unknown_name("outcome", "solvd", ["solved"]))
    assert told.text == "Nie ma „solvd” (wynik). Czy chodzi o „solved”? Znane: solved."


def test_what_has_no_words_stays_english_and_says_so() -> None:
    error = InvalidInput("Nobody ever translated all of %(given)s.", given="this")
    assert refusal_of(error) == Refusal("Nobody ever translated all of this.")
    with translation.override("ru"):
        assert refusal_of(error) == Refusal("Nobody ever translated all of this.", "en")
        assert refusal_of(InvalidInput("")) == Refusal("", "en")
