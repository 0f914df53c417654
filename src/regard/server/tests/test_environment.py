from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from regard.kernel.errors import InvalidInput
from regard.server import databases, environment, settings

PAGE = Path(__file__).resolve().parents[4] / "docs" / "operate.md"
MARKED = re.compile(r"(?<=<!-- settings -->\n).*?(?=<!-- /settings -->)", re.DOTALL)


def make_table() -> str:
    """What docs/operate.md must say between its marks."""
    assert settings.SECRET_KEY
    rows = ["| name | default | meaning |", "| --- | --- | --- |"]
    for variable in environment.VARIABLES.values():
        default = "number of cores" if variable.name == "REGARD_THREADS" else variable.default or "empty"
        rows.append(f"| `{variable.name}` | {default} | {variable.meaning} |")
    return "\n".join(rows) + "\n"


def test_the_documented_table_of_settings_is_the_real_one() -> None:
    found = MARKED.search(PAGE.read_text())
    assert found is not None
    assert found.group() == make_table()


def test_a_value_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "VARIABLES", {})
    monkeypatch.setenv("REGARD_X", "many")
    with pytest.raises(InvalidInput, match=r"REGARD_X='many' cannot be used"):
        environment.whole_number("REGARD_X", 1, "a number")
    monkeypatch.setenv("REGARD_X", "0")
    with pytest.raises(InvalidInput, match="the least is 1"):
        environment.whole_number("REGARD_X", 1, "a number", least=1)
    with pytest.raises(InvalidInput, match="allowed are a, b"):
        environment.one_of("REGARD_X", "a", "a word", allowed=("a", "b"))
    assert environment.switch("REGARD_X", True, "a switch") is False
    monkeypatch.setenv("REGARD_X", "")
    assert environment.names("REGARD_X", "a, b,", "names") == ["a", "b"]


def test_a_wrong_setting_stops_the_start_with_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import regard.server.settings"],
        env={"PATH": "/usr/bin:/bin", "REGARD_THREADS": "none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "REGARD_THREADS='none' cannot be used" in done.stderr


def test_the_address_of_a_postgresql_server_is_taken_apart() -> None:
    given = databases.postgresql("postgresql://ada:s%40fe@db:6000/cx?sslmode=require&application_name=cx")
    assert (given["USER"], given["PASSWORD"], given["HOST"], given["PORT"]) == ("ada", "s@fe", "db", "6000")
    assert (given["NAME"], given["OPTIONS"]) == ("cx", {"sslmode": "require", "application_name": "cx"})
    with pytest.raises(ValueError):
        databases.postgresql("mysql://x/y")
