"""The warehouse on object storage, against a local server that speaks S3."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from regard.kernel.errors import Permanent
from regard.metrics.compute import compute
from regard.metrics.tests.hand_drawn import log_of
from regard.metrics.tests.whole_log import LOOKING, rows
from regard.warehouse.engines.duckdb import connect, refresh
from regard.warehouse.log import Log

pytestmark = pytest.mark.skipif(
    find_spec("moto") is None or find_spec("obstore") is None, reason="moto and obstore are needed"
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of the server, with a bucket `lake`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = f"from moto.server import main; main(['-H', '127.0.0.1', '-p', '{port}'])"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(urllib.request.Request(f"{address}/lake", method="PUT"), timeout=5)
                break
            except OSError:
                assert time.monotonic() < until, "the server did not start"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(autouse=True)
def settings(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name, value in {
        "AWS_ENDPOINT_URL": server,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "eu-central-1",
    }.items():
        monkeypatch.setenv(name, value)


def test_a_log_on_object_storage_is_written_once_read_tidied_and_erased(tmp_path: Path) -> None:
    log = Log.open("s3://lake/whole")
    with log_of(rows()) as drawn, connect(log) as connection:
        n_rows = _count(drawn, "log")
        for position in range(14):
            part = f"SELECT * FROM log WHERE hash(interaction_id) % 14 = {position}"
            log.append(drawn, part, consumer="log", epoch="e", position=position)
            assert log.append(drawn, part, consumer="log", epoch="e", position=position) == 0
        assert refresh(connection, log)
        assert _count(connection, "log") == n_rows
        here, there = (compute("nps", connection=one, now=LOOKING) for one in (drawn, connection))
        assert here.total == there.total

        known = Log.open("s3://lake/whole")
        with connect(None) as other:
            other.register("given", drawn.sql("SELECT interaction_id, occurred_at FROM log").fetchnumpy())
            other.execute(
                "CREATE TABLE again AS SELECT interaction_id::BLOB AS interaction_id, occurred_at::TIMESTAMPTZ AS occurred_at FROM given LIMIT 7"
            )
            known.known_ids(other, "again")
            assert _count(other, "known") == 7

        n_before = log.n_files()
        log.maintain(datetime(2027, 1, 1, tzinfo=UTC), budget_seconds=60)
        assert log.n_files() < n_before
        log.delete("identity_id = 3")
        log.vacuum(keep_hours=0)
        refresh(connection, log)
        assert _count(connection, "log WHERE identity_id = 3") == 0
        assert 0 < _count(connection, "log") < n_rows
        copies = {path.name for path in tmp_path.rglob("*.parquet")}
        assert copies == {Path(file).name for files in log.snapshot().files.values() for file in files}


def test_of_two_writers_of_the_same_position_one_counts() -> None:
    first, second = Log.open("s3://lake/race"), Log.open("s3://lake/race")
    with log_of(rows()[:50]) as drawn:
        given = {"consumer": "log", "epoch": "e", "position": 7}
        assert first.append(drawn, "SELECT * FROM log", **given) == 50  # type: ignore[arg-type]
        assert second.append(drawn, "SELECT * FROM log", **given) == 0  # type: ignore[arg-type]
        assert len(second.snapshot().files["interactions"]) == len(first.snapshot().files["interactions"])


def test_a_bucket_that_cannot_be_reached_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Permanent, match="s3://nowhere/warehouse"):
        Log.open("s3://nowhere/warehouse")


def _count(connection: object, relation: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()  # type: ignore[attr-defined]
    return int(found[0])
