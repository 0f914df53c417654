"""Which words a package says on its pages, gathered from its templates and code, so that none is left untranslated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from regard.webkit.catalogues import PACKAGE

SINGULAR = frozenset({"gettext", "gettext_lazy", "gettext_noop"})
PLURAL = frozenset({"ngettext", "ngettext_lazy"})
# What Django turns a template into: calls with plain strings, on one line each.
CALL = re.compile(r"\b(?:gettext|ngettext|_)\(((?:\s*u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*,?)+)")
# What metrics say of themselves and pages show: they know no translations, so nothing marks it where it is written.
TOLD = {"Metric": {"question", "definition"}, "Setting": {"meaning"}, "Relation": {"reads"}}
MEANING = 2  # place of a setting's meaning among its arguments
METRICS = PACKAGE / "metrics"
PLACE = re.compile(r"%\(\w+\)|%[sd]|%%")


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is said, and the form it takes for more than one."""

    text: str
    plural: str = ""

    @property
    def is_formatted(self) -> bool:
        """Whether figures are put into it by %."""
        return bool(PLACE.search(self.text))


def home_of(source: Path) -> Path:
    """The package whose catalogue holds the words of this file: the nearest that has one, else its slice or floor.

    >>> home_of(PACKAGE / "webkit" / "figures.py").name
    'webkit'
    """
    for folder in source.parents:
        if folder == PACKAGE:
            break
        if (folder / "locale").is_dir():
            return folder
    parts = source.relative_to(PACKAGE).parts
    return PACKAGE / parts[0] / parts[1] if parts[0] == "apps" and len(parts) > 2 else PACKAGE / parts[0]


def gather(below: Path = PACKAGE) -> dict[Path, dict[str, Said]]:
    """Everything that is said in a folder, by package and by original."""
    found: dict[Path, dict[str, Said]] = {}
    for source in sorted([*below.rglob("*.py"), *below.rglob("templates/**/*.html")]):
        if "tests" in source.parts or source == Path(__file__):
            continue
        text = source.read_text("utf-8")
        if source.suffix == ".py":
            told = said_by_metrics(text) if METRICS in source.parents else ()
            words = (*said_in_code(text), *told)
        else:
            words = tuple(said_in_template(text))
        for said in words:
            known = found.setdefault(home_of(source), {})
            if said.plural or said.text not in known:
                known[said.text] = said
    return found


def said_in_code(text: str) -> Iterator[Said]:
    """What a module says: the strings in calls of gettext, by whatever name it was imported."""
    if "gettext" not in text:
        return
    tree = ast.parse(text)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = names.get(node.func.id, "")
            strings = [
                argument.value
                for argument in node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
            if called in SINGULAR and strings:
                yield Said(strings[0])
            elif called in PLURAL and len(strings) > 1:
                yield Said(strings[0], strings[1])


def said_by_metrics(text: str) -> Iterator[Said]:
    """What a module of metrics tells of them: questions, definitions, what can be set, and what they read in words.

    >>> [said.text for said in said_by_metrics("Setting('days', 7.0, 'days that count')")]
    ['days that count']
    """
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in TOLD:
            continue
        values = [one.value for one in node.keywords if one.arg in TOLD[node.func.id]]
        if node.func.id == "Setting":
            values += node.args[MEANING : MEANING + 1]
        for value in values:
            for part in value.elts if isinstance(value, ast.Tuple) else [value]:
                if isinstance(part, ast.Constant) and " " in str(part.value):
                    yield Said(str(part.value))


def said_in_template(text: str) -> Iterator[Said]:
    """What a template says in its tags `translate` and `blocktranslate`."""
    from django.utils.translation.template import templatize

    for call in CALL.finditer(templatize(text)):
        strings = ast.literal_eval(f"[{call.group(1)}]")
        yield Said(strings[0], strings[1] if len(strings) > 1 else "")
