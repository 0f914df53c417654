"""`regard import` as processes: two at once, killed at any moment, and beside a running server."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HEADER = "customer,customer_email,occurred_at,kind,metric,score,text\n"
# A kilobyte, so that few rows make several parts.
WORDS = "The parcel was late and nobody told me why. " * 24


def write(path: Path, numbers: range, *, words: str = "fine") -> Path:
    """Rows known by their numbers, the last of them refused."""
    with path.open("w") as file:
        file.write(HEADER)
        for n in numbers:
            file.write(
                f"u{n % 997},u{n % 997}@example.org,2026-05-{1 + n % 28:02d},survey.answered,nps,{n % 11},{n} {words}\n"
            )
        file.write("u1,,2026-05-01,survey.answered,nps,11,refused\n")
    return path


def begin(hub: Any, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "regard.cli.main", "import", *arguments, "--json"],
        env=hub.all_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> dict[str, int]:
    output, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors[-2000:]
    [report] = json.loads(output)["files"]
    return dict(report)


def assert_each_stands_once(hub: Any, numbers: range) -> None:
    texts = [text.split(" ")[0] for (text,) in hub.log_rows("text")]
    assert len(texts) == len(set(texts))
    assert {int(text) for text in texts} == set(numbers)


def n_refused(hub: Any) -> int:
    return len(json.loads(hub.command("quarantine", "--json").stdout))


def test_two_imports_at_once_lose_nothing_and_count_nothing_twice(hub: Any, tmp_path: Path) -> None:
    first, second = (
        write(tmp_path / "first.csv", range(20_000)),
        write(tmp_path / "second.csv", range(12_000, 30_000)),
    )
    processes = [begin(hub, str(path)) for path in (first, second)]
    reports = [finish(process) for process in processes]
    assert sum(report["n_new"] for report in reports) == 30_000
    assert sum(report["n_known"] for report in reports) == 8_000
    assert_each_stands_once(hub, range(30_000))


def kill_while_importing(hub: Any, path: Path, ready: Callable[[], bool]) -> bool:
    """Start the import, kill it once `ready`; whether it was still running then."""
    process = begin(hub, str(path))
    while process.poll() is None and not ready():
        time.sleep(0.01)
    was_running = process.poll() is None
    process.kill()
    process.communicate()
    return was_running


def test_a_killed_import_goes_on_with_the_same_command(hub: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "rows.csv", range(30_000), words=WORDS)
    staged = hub.folder / "staged"
    assert kill_while_importing(hub, path, lambda: any(staged.glob("*.parquet")))
    report = finish(begin(hub, str(path)))
    assert report["n_read"] == 30_001
    assert_each_stands_once(hub, range(30_000))
    assert n_refused(hub) == 1
    assert finish(begin(hub, str(path)))["n_known"] == 30_000
    assert n_refused(hub) == 1


@pytest.mark.long
def test_an_import_killed_at_many_random_moments_loses_nothing(hub: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "rows.csv", range(150_000), words=WORDS)
    chance = random.Random(7)
    for _ in range(15):
        until = time.monotonic() + chance.uniform(1.0, 8.0)
        kill_while_importing(hub, path, lambda moment=until: time.monotonic() > moment)  # type: ignore[misc]
    finish(begin(hub, str(path)))
    assert_each_stands_once(hub, range(150_000))
    assert n_refused(hub) == 1


def test_an_import_beside_a_running_server_is_projected_by_the_server(running: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "rows.csv", range(5_000))
    process = begin(running, str(path))
    for n in range(20):
        event = {"userId": "u1", "event": "Clicked", "messageId": f"m{n}", "properties": {}}
        assert running.post("/v1/track", event)[0] == 200
    report = finish(process)
    assert (report["n_new"], report["n_rejected"], report["n_waiting"]) == (5_000, 1, 0)
    asked = running.log_rows("source")
    assert asked.count(("files",)) == 5_000, "what is reported can be asked about"
    running.wait_until_projected()
    assert len(running.log_rows("interaction_id")) == 5_020
