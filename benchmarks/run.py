"""Runs every benchmark, one after the other, and keeps what each printed last in benchmarks/results/."""

from __future__ import annotations

import compileall
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
# What a benchmark is given usually, and with --full: ten minutes, ten times the rows, all series.
USUAL = {"sustained": ["--seconds", "60"], "forecast": ["60"]}
FULL = {"import": ["--full"], "forecast": ["414"]}


def machine() -> str:
    """One line that says what the figures were taken on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, {platform.system()}"
    )


def main(arguments: list[str]) -> int:
    """Run the benchmarks named (all where none is), print and keep their tables. Returns 1 where one failed.

    With `--full`, also the longest at full length.
    """
    names = [name for name in arguments if name != "--full"]
    is_full = len(names) < len(arguments)
    failed = False
    RESULTS.mkdir(exist_ok=True)
    # As installed: no process compiles what it imports.
    compileall.compile_dir(HERE.parent / "src", quiet=1)
    for script in sorted(HERE.glob("bench_*.py")):
        name = script.stem.removeprefix("bench_")
        if names and name not in names:
            continue
        print(f"== {name}", flush=True)
        given = (FULL if is_full else USUAL).get(name, [])
        done = subprocess.run(
            [sys.executable, str(script), *given], stdout=subprocess.PIPE, text=True, check=False
        )
        print(done.stdout, flush=True)
        failed |= done.returncode != 0
        if done.returncode == 0:
            said = f"# {name.replace('_', ' ')}\n\n{datetime.now(UTC):%d %B %Y}, {machine()}\n\n```\n{done.stdout.rstrip()}\n```\n"
            (RESULTS / f"{name}.md").write_text(said)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
