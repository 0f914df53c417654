"""Runs every benchmark, one after the other, and keeps what they print in benchmarks/results/."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent


def machine() -> str:
    """One line that says what the figures were taken on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, {platform.system()}"
    )


SHORT = {"bench_sustained": ["--seconds", "60"]}  # Ten minutes are the measure: --full


def main(arguments: list[str]) -> int:
    """Run the benchmarks named (all where none is), print and keep their tables. Returns 1 where one failed.

    With `--full`, also the longest at full length.
    """
    names = [name for name in arguments if name != "--full"]
    is_full = len(names) < len(arguments)
    scripts = [
        path
        for path in sorted(HERE.glob("bench_*.py"))
        if not names or path.stem.removeprefix("bench_") in names
    ]
    now = datetime.now(UTC)
    parts = [f"# Measured on {now:%d %B %Y}", "", machine(), ""]
    failed = False
    for script in scripts:
        print(f"== {script.stem}", flush=True)
        given = [] if is_full else SHORT.get(script.stem, [])
        done = subprocess.run(
            [sys.executable, str(script), *given], stdout=subprocess.PIPE, text=True, check=False
        )
        print(done.stdout, flush=True)
        failed |= done.returncode != 0
        parts += [
            f"## {script.stem.removeprefix('bench_').replace('_', ' ')}",
            "",
            "```",
            done.stdout.rstrip(),
            "```",
            "",
        ]
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / f"{now:%Y-%m-%d}.md").write_text("\n".join(parts))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
