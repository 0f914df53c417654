"""The progress of an import on the terminal: rows, rate and the time that is left."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from regard.apps.intake.importing.reports import Watcher


class ShownProgress(Watcher):
    """Shows bars on the error stream; on no terminal it shows nothing."""

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[says]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._began: dict[str, float] = {}

    def __enter__(self) -> ShownProgress:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def reading(self, file: str, n_rows: int, share: float) -> None:
        """See Watcher."""
        task = self._task(file)
        rate = n_rows / max(time.monotonic() - self._began[file], 0.001)
        self._bars.update(task, completed=share, says=f"{n_rows:,} rows, {rate:,.0f} a second")

    def projecting(self, n_done: int, n_all: int) -> None:
        """See Watcher."""
        task = self._task("into the log")
        self._bars.update(task, total=max(n_all, 1), completed=n_done, says=f"{n_done} of {n_all} parts")

    def _task(self, name: str) -> TaskID:
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(name, total=1.0, says="")
            self._began[name] = time.monotonic()
        return self._tasks[name]
