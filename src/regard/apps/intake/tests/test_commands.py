from __future__ import annotations

import argparse

import pytest

from regard.apps.intake.commands import register, run_quarantine_discard, run_quarantine_list


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    return parser.parse_args(words)


def test_quarantine_alone_lists() -> None:
    assert vars(parsed("quarantine")) == vars(parsed("quarantine", "list"))
    assert parsed("quarantine").run is run_quarantine_list


@pytest.mark.parametrize("state", ["open", "discarded"])
def test_the_verbs_of_quarantine_keep_their_own_settings(state: str) -> None:
    assert parsed("quarantine", "list", "--state", state).state == state
    assert parsed("quarantine", "discard", "3").run is run_quarantine_discard
