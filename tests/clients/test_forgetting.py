"""A person is erased for good: no file of the data folder names them any more, and they do not come back."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

# What says who Carol is, and her own words; each is looked for in every file, also inside what is compressed.
CAROL = ("carol@example.com", "+306912345678", "carol-17", "anon-carol-77", "Carols zerbrochene Teekanne")
NOWHERE: dict[str, list[str]] = {word: [] for word in CAROL}
ROWS = """message_id,customer,customer_email,occurred_at,kind,metric,score,text
r1,carol-17,carol@example.com,2026-01-05T10:00:00Z,survey.answered,nps,3,Carols zerbrochene Teekanne
r2,dave-18,dave@example.com,2026-01-06T10:00:00Z,survey.answered,nps,9,All went well
r3,carol-17,carol@example.com,2026-01-07T10:00:00Z,survey.answered,nps,11,Carols zerbrochene Teekanne
r4,dave-18,dave@example.com,2026-01-07T10:00:00Z,survey.answered,nps,12,All went well
"""


@pytest.mark.skipif("REGARD_DATABASE_URL" in os.environ, reason="searches the file of a SQLite store")
def test_a_person_leaves_no_trace_while_the_server_runs_and_does_not_come_back(
    running: Any, tmp_path: Path
) -> None:
    fill(running, tmp_path)
    running.wait_until_projected()
    assert all(traces(running.folder, word) for word in CAROL), "the search finds what is there"
    backup = tmp_path / "before.tar"
    assert running.command("backup", str(backup)).returncode == 0
    before = nps(running)
    assert before["n"] == 2

    done = running.command("forget", "--email", "Carol@Example.com", "--at-once", "--json")
    assert done.returncode == 0, done.stderr
    proof = json.loads(done.stdout)
    assert proof["erased"]["identifiers"] == 5
    assert proof["erased"]["log"] == 4
    assert proof["erased"]["quarantine"] == 2, "one line of the file, one call"
    assert set(proof["left"].values()) == {0}
    assert len(proof["kept"]["hashes"]) == 5
    assert [one["path"] for one in proof["held"]] == [str(backup)]
    wait_until_clean(running, proof["erasure"])
    assert {word: traces(running.folder, word) for word in CAROL} == NOWHERE
    assert traces(running.folder, "dave@example.com"), "everybody else stays"
    assert nps(running)["n"] == 1

    fill(running, tmp_path)
    running.wait_until_projected()
    assert {word: traces(running.folder, word) for word in CAROL} == NOWHERE
    assert nps(running)["n"] == 1

    assert running.stop() == 0
    assert running.command("restore", str(backup), "--replace").returncode == 0
    for folder in running.folder.glob("before-restore-*"):
        folder.rename(tmp_path / folder.name)
    running.start()
    running.wait_until_projected()
    assert running.stop() == 0
    assert {word: traces(running.folder, word) for word in CAROL} == NOWHERE
    assert nps(running)["n"] == 1


def fill(hub: Any, folder: Path) -> None:
    """Carol and Dave shop, call and rate, by the tracking API and in a file; some of it cannot be taken."""
    words = "Carols zerbrochene Teekanne"
    carol = {"userId": "carol-17", "anonymousId": "anon-carol-77"}
    calls = [
        {"type": "identify", **carol, "traits": {"email": "carol@example.com", "phone": "+306912345678"}},
        {"type": "track", **carol, "event": "Order Completed", "properties": {"order_id": "o1", "note": words}},
        {"type": "track", "anonymousId": "anon-carol-77", "event": "Thing Done", "properties": {"said": words}},
        {"type": "track", **carol, "event": "Thing Done", "timestamp": "2126-01-01T00:00:00Z", "properties": {"said": words}},
        {"type": "track", "userId": "dave-18", "event": "Thing Done", "context": {"traits": {"email": "dave@example.com"}}},
    ]  # fmt: skip
    batch = [{"messageId": f"m{number}", **call} for number, call in enumerate(calls)]
    if hub.process is not None:
        assert hub.post("/v1/batch", {"batch": batch})[0] == 200
    file = folder / "ratings.csv"
    file.write_text(ROWS)
    done = hub.command("import", str(file), "--source", "ratings")
    assert done.returncode == 0, done.stderr


def traces(folder: Path, word: str) -> list[str]:
    """The files of a data folder in which a word stands, plain or compressed, or in a column of a table."""
    import duckdb
    import lz4.frame

    found = []
    needle = word.lower().encode()
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes().lower()
        if needle in content:
            found.append(str(path))
        elif path.suffix == ".parquet":
            rows = duckdb.connect().execute("SELECT * FROM read_parquet($1)", [str(path)]).fetchall()
            found += [str(path)] if word.lower() in str(rows).lower() else []
    store = folder / "regard.sqlite3"
    rows = duckdb.connect().execute("SELECT 1").fetchall() if not store.exists() else []
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        rows = connection.execute("select body from journal_segment where length(body) > 0").fetchall()
    for (body,) in rows:
        if needle in lz4.frame.decompress(body).lower():
            found.append("journal")
    return found


def nps(hub: Any) -> dict[str, Any]:
    done = hub.command("metric", "nps", "--json", "--min-n", "1")
    assert done.returncode == 0, done.stderr
    total: dict[str, Any] = json.loads(done.stdout)["readings"][0]
    return total


def wait_until_clean(hub: Any, number: int) -> None:
    """Wait until the old files are gone, too."""
    import time

    for _ in range(100):
        proof = json.loads(hub.command("forget", "--proof", str(number), "--json").stdout)
        if proof["done_at"]:
            return
        time.sleep(0.2)
    raise AssertionError(proof)
