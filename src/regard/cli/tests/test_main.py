"""The command line as a whole: how it ends."""

from __future__ import annotations

import argparse

import pytest

from regard.cli import main
from regard.kernel.errors import InvalidInput


class Given:
    """A command line of one command, which fails so."""

    def __init__(self, failure: BaseException) -> None:
        self.failure = failure

    def parse_args(self, _: object) -> argparse.Namespace:
        return argparse.Namespace(run=self.run)

    def run(self, _: argparse.Namespace) -> int:
        raise self.failure


@pytest.mark.parametrize(
    ("failure", "status", "said"),
    [
        (KeyboardInterrupt(), 130, "stopped"),
        (BrokenPipeError(), 0, ""),
        (InvalidInput("No."), 2, "regard: No."),
    ],
)
def test_a_command_ends_with_a_word_rather_than_a_traceback(
    failure: BaseException,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(main, "parser", lambda: Given(failure))
    assert main.main([]) == status
    assert said in capsys.readouterr().err


def test_stopping_before_the_command_began_is_no_traceback_either(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped() -> argparse.ArgumentParser:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "parser", stopped)
    assert main.main([]) == 130
    assert "stopped" in capsys.readouterr().err
