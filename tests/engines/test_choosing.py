"""Choosing who answers, and what is said where it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from regard.kernel.errors import InvalidInput
from regard.warehouse.engines import spark
from regard.warehouse.engines.engine import ENGINES, get_engine
from regard.warehouse.engines.spark import open_spark
from regard.warehouse.log import Log


def metric(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "regard.cli.main", "metric", *arguments],
        env={**os.environ, "REGARD_DATA_DIR": str(folder), "REGARD_SPARK": "local[1]"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_engine_registers_itself_and_an_unknown_one_is_named() -> None:
    assert {get_engine(key).key for key in ("duckdb", "spark")} == {kind.key for kind in ENGINES}
    with pytest.raises(InvalidInput, match="Did you mean 'spark'"):
        get_engine("sparkle")


def test_what_is_missing_is_said_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log.open(tmp_path / "warehouse")
    monkeypatch.setattr(spark, "find_spec", lambda name: None)
    with pytest.raises(InvalidInput, match="pip install"), open_spark(log):
        pass
    monkeypatch.setattr(spark, "find_spec", lambda name: object())
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(InvalidInput, match="openjdk-17-jre-headless"), open_spark(log):
        pass


def test_a_file_is_read_in_this_process(tmp_path: Path) -> None:
    refused = metric(tmp_path, "nps", "--from", "answers.csv", "--engine", "spark")
    assert refused.returncode == 2
    assert "--engine is for the hub" in refused.stderr


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_command_answers_the_same_through_spark(needs_spark: None, log: Log) -> None:
    folder = Path(log.url).parent
    here, there = (
        metric(folder, "nps", "--by", "channel", "--json", "--engine", key) for key in ("duckdb", "spark")
    )
    assert there.returncode == 0, there.stderr
    assert json.loads(here.stdout)["readings"] == json.loads(there.stdout)["readings"]
