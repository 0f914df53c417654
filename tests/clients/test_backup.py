"""A backup taken while the server takes in and projects, and what is there after its restore."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any


def test_a_backup_of_a_busy_server_comes_back_whole_and_nothing_counts_twice(
    running: Any, tmp_path: Path
) -> None:
    def item(number: int) -> dict[str, Any]:
        return {"type": "track", "userId": f"u{number % 9}", "event": "Thing Done", "messageId": f"m{number}"}

    assert running.post("/v1/batch", {"batch": [item(n) for n in range(100)]})[0] == 200
    over = threading.Event()

    def send() -> None:
        number = 100
        while not over.is_set():
            running.post("/v1/track", item(number))
            number += 1

    sender = threading.Thread(target=send)
    sender.start()
    try:
        taken = running.command("backup", str(tmp_path / "b.tar"), "--json")
    finally:
        over.set()
        sender.join()
    assert taken.returncode == 0, taken.stderr
    assert running.command("backup", str(tmp_path / "b.tar")).returncode == 2, "never overwritten"
    running.stop()
    in_use = running.command("restore", str(tmp_path / "b.tar"))
    assert (in_use.returncode, "--replace" in in_use.stderr) == (2, True)
    restored = running.command("restore", str(tmp_path / "b.tar"), "--replace", "--json")
    assert restored.returncode == 0, restored.stderr
    n_segments = json.loads(restored.stdout)["last_segment"]
    running.start()
    assert running.post("/v1/batch", {"batch": [item(n) for n in range(90, 110)]})[0] == 200
    running.wait_until_projected()
    rows = running.log_rows("interaction_id")
    assert len(rows) == len(set(rows)) >= 110
    assert n_segments >= 1
    running.stop()
    rebuilt = running.command("rebuild", "--json")
    assert rebuilt.returncode == 0, rebuilt.stderr
    told = json.loads(rebuilt.stdout)
    assert told["n_before"] == told["n_after"] == len(rows), "nothing was lacking, nothing counts twice"
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes((tmp_path / "b.tar").read_bytes()[:50_000])
    assert running.command("restore", str(damaged), "--replace").returncode == 2
    assert len(running.log_rows("interaction_id")) == len(rows), "a damaged backup changes nothing"
