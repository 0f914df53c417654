"""Other people's packages to be measured beside, each set in an environment of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

FOLDER = Path(sys.prefix) / "peers"


def peer(*packages: str) -> Path:
    """The Python of an environment with these packages; made once and kept inside this one."""
    name = "-".join(packages).replace("==", "-").replace("<", "-below-")
    folder = FOLDER / name
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True, stdout=sys.stderr)
        (folder / "ready").touch()
    return python


def ask(python: Path, script: str, *given: str) -> Any:
    """What `script`, run by that Python, prints last, as JSON."""
    done = subprocess.run([str(python), "-c", script, *given], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])
