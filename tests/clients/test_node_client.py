"""Segment's published client for Node."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent / "node"


@pytest.fixture(scope="module")
def node() -> str:
    """Node with the client installed beside it; skips, saying why, where that cannot be."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        pytest.skip("node and npm are not installed (apt install nodejs npm)")
    if not (HERE / "node_modules" / "@segment" / "analytics-node").exists():
        verb = "ci" if (HERE / "package-lock.json").exists() else "install"
        done = subprocess.run(
            [npm, verb, "--no-audit", "--no-fund"], cwd=HERE, capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"npm could not install the client: {done.stderr[-300:]}")
    return program


def test_segments_node_client_is_understood(running: Any, node: str) -> None:
    done = subprocess.run(
        [node, str(HERE / "send.js"), running.address, running.key],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    running.wait_until_projected()
    kinds = Counter(kind for (kind,) in running.log_rows("kind"))
    assert (kinds["product.viewed"], kinds["page.viewed"]) == (12, 1)
