"""Schemathesis over the OpenAPI description: whatever is sent, nothing answers 5xx."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.timeout(900)

TOKEN = """
from regard.webkit.boot import setup; setup()
from regard.apps.organisation import services
from regard.apps.organisation.models import Member
from regard.server.api.access import make_token
services.create_member(email="ada@example.org", role="{role}", password="correct horse battery")
print(make_token(Member.objects.get()))
"""


def fuzz(hub: Any, tmp_path: Path, *, role: str, n: int) -> None:
    token = hub.python(TOKEN.format(role=role)).strip()
    login = base64.b64encode(f"{hub.key}:".encode()).decode()
    description = json.loads(hub.get("/api/v1/openapi.json")[1])
    for part, header in (("/v1/", f"Basic {login}"), ("/api/v1/", f"Bearer {token}")):
        command = [
            str(Path(sys.executable).parent / "schemathesis"), "run", f"{hub.address}/api/v1/openapi.json",
            "--checks", "not_a_server_error", "--include-path-regex", f"^{part}", "-n", str(n), "--no-color",
            "-H", f"Authorization: {header}", "--seed", "7", "--phases", "examples,coverage,fuzzing", "--generation-database", "none",
            "--suppress-health-check", "all",
        ]  # fmt: skip
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "/v1/batch" in description["paths"]
    assert "/api/v1/metrics/{key}" in description["paths"]
    assert hub.get("/healthz")[0] == 200


def test_a_little_nonsense_is_never_answered_by_a_server_error(running: Any, tmp_path: Path) -> None:
    fuzz(running, tmp_path, role="administrator", n=5)


@pytest.mark.long
@pytest.mark.parametrize("role", ["administrator", "analyst"])
def test_much_nonsense_is_never_answered_by_a_server_error(running: Any, tmp_path: Path, role: str) -> None:
    fuzz(running, tmp_path, role=role, n=300)
