"""A full disk while taking in: 503 and nothing corrupt; it works again when there is space."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 60 MB."""
    if os.getuid() != 0:
        pytest.skip("mounting a small disk needs root")
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", str(place)], check=False)
    if done.returncode:
        pytest.skip("this machine does not let us mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


@pytest.mark.skipif("REGARD_DATABASE_URL" in os.environ, reason="the disk of a SQLite store is filled")
def test_a_full_disk_is_answered_with_503_and_forgotten_when_there_is_space(
    hub: Any, small_disk: Path
) -> None:
    hub.folder = small_disk / "data"
    hub.prepare()
    hub.start()
    stored = []

    def send(number: int) -> int:
        status, answer = hub.post(
            "/v1/track",
            {"userId": "u", "event": "Thing Done", "messageId": f"m{number}", "properties": {"n": number}},
        )
        if status == 200:
            stored.append(number)
        else:
            assert (status, answer["code"]) == (503, "not_stored")
            assert int(answer["retry_after"]) >= 1
        return status

    assert send(0) == 200
    hub.wait_until_projected()
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(b"x" * 4096)
        except OSError:
            pass
    statuses = [send(number) for number in range(1, 400)]
    assert statuses[-1] == 503
    assert hub.get("/healthz")[0] == 200
    assert hub.get("/readyz")[0] == 503
    ballast.unlink()
    deadline = time.monotonic() + 30
    while send(1000) != 200:
        assert time.monotonic() < deadline
        time.sleep(0.5)
    hub.wait_until_projected()
    rows = sorted(int(number) for (number,) in hub.log_rows("json_extract_string(attributes, '$.n')"))
    assert rows == sorted(stored)
    assert hub.stop() == 0
    assert '"state": "bad"' not in hub.command("doctor", "--json").stdout
