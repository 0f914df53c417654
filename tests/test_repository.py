"""What must hold of the repository as a whole: its commands, its documents, its migrations, its words."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXTS = [
    path
    for path in ROOT.rglob("*")
    if path.suffix in {".py", ".md", ".toml", ".html", ".css", ".js", ".txt", ".po"}
    and not {".venv", "node_modules", ".git", "demo-data", "regard-data"} & set(path.parts)
]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "regard.cli.main", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"PATH": "/usr/bin:/bin", **environment},
    )


def test_help_names_every_command_and_comes_at_once() -> None:
    fastest = 9.0
    for _ in range(3):
        begun = time.perf_counter()
        answer = run("--help")
        fastest = min(fastest, time.perf_counter() - begun)
    assert answer.returncode == 0, answer.stderr
    for (
        command
    ) in "serve sample import export metric quarantine user source rebuild backup restore doctor".split():
        assert re.search(rf"^\s+{command}\b", answer.stdout, re.MULTILINE), command
    heavy = {"django", "duckdb", "sqlglot", "numpy", "scipy"}
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, regard.cli.main as m; m.parser(); print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not heavy & set(loaded)
    assert fastest < 3, "far beyond what help may take on any machine"


def test_no_document_or_source_names_a_machines_path_or_a_registry() -> None:
    forbidden = re.compile("/" + r"work/(main|shared)|/" + r"root/|\.\./sha" + r"red|pypi-" + "more")
    found = [str(path) for path in TEXTS if forbidden.search(path.read_text(errors="replace"))]
    assert not found


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = []
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
            if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert not broken


def test_every_decision_stands_in_the_index() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text()
    for page in (ROOT / "docs/decisions").glob("[0-9]*.md"):
        assert page.name in index


def test_the_list_of_dependencies_is_up_to_date() -> None:
    page = (ROOT / "docs/dependencies.md").read_text()
    for line in (ROOT / "requirements/base.txt").read_text().splitlines():
        name, _, rest = line.partition("==")
        version = re.split(r"[\s;]", rest)[0]
        if "python_full_version" not in line and "platform" not in line:
            assert f"| {name} | {version} |" in page, name


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_version_is_the_changelogs() -> None:
    from importlib.metadata import version

    assert re.search(
        rf"^## {re.escape(version('regard'))}\b", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )
