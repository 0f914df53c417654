from __future__ import annotations

import argparse
from datetime import UTC, datetime

import pytest

from regard.apps.intake.commands import register, run_quarantine_discard, run_quarantine_list
from regard.apps.journal import services


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


def test_quarantine_prints_for_machines_with_and_without_list() -> None:
    assert parsed("quarantine", "--json").json
    assert parsed("quarantine", "list", "--json").json
    assert parsed("quarantine", "--json", "list").json
    assert not parsed("quarantine", "list").json


def test_a_limit_below_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        parsed("quarantine", "list", "--limit", "0")
    assert stop.value.code == 2
    assert "from 1 on" in capsys.readouterr().err


@pytest.mark.django_db
def test_quarantine_always_says_the_source(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regard.webkit.boot.setup", lambda: None)
    now = datetime(2026, 3, 1, tzinfo=UTC)
    for where in ({"file": "answers.csv", "line": 7}, {}):
        item = {
            "source": "north-shop",
            "received_at": now,
            "reason": "x",
            "message": "Why.",
            "raw": "{}",
            **where,
        }
        services.quarantine([services.Rejected(**item)])  # type: ignore[arg-type]
    assert run_quarantine_list(parsed("quarantine", "list")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all("north-shop" in line for line in lines)
    assert "answers.csv:7" in "".join(lines)
