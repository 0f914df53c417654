"""Running a command as somebody with a file does, for the tests of every analysis."""

from __future__ import annotations

import argparse
import json
from typing import Any

import pytest

from regard.analyses.commands import register


class Command:
    """One command by its name: `Command("effect").told(capsys, file, "--outcome", "spent")`."""

    def __init__(self, key: str) -> None:
        self._key = key

    def run(self, *words: object) -> int:
        """Run it with these words. Returns: its status, which is 0."""
        parser = argparse.ArgumentParser()
        register(parser.add_subparsers())
        args = parser.parse_args([self._key, *(str(one) for one in words)])
        status: int = args.run(args)
        assert status == 0
        return status

    def told(self, capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
        """What it tells programs."""
        self.run(*words, "--json")
        document: dict[str, Any] = json.loads(capsys.readouterr().out)
        return document
