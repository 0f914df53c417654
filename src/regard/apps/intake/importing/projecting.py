"""Staged files into the log: by projecting here, beside the staging where there is more than one part, or by waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from django.db import connections

from regard.apps.intake.importing.reports import Watcher
from regard.apps.journal.projection.fence import Deposed, NotElected
from regard.apps.journal.projector import Projector
from regard.apps.journal.staged import Outcome, outcome
from regard.kernel.errors import Temporary

POLL_SECONDS = 0.1
GIVE_UP_SECONDS = 600.0


class Beside:
    """Projects in a thread of its own while further rows are staged, once `start` was called.

    The thread does all of it, to the end: it holds the projector's lock and the customers in memory.
    """

    def __init__(self) -> None:
        self._enough = threading.Event()
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        if self._thread is not None:
            self._thread.join()

    def start(self) -> None:
        """Begin to project; harmless to repeat."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="projecting", daemon=True)
            self._thread.start()

    def finish(self, paths: Sequence[str], watcher: Watcher) -> Outcome:
        """See the staged files into the log; what became of their rows."""
        if self._thread is None:
            return project(paths, watcher)
        return _follow(paths, watcher, self._look)

    def _look(self) -> None:
        if self._error is not None:
            raise self._error
        time.sleep(POLL_SECONDS)

    def _run(self) -> None:
        projector = Projector()
        try:
            while not self._enough.is_set():
                _step(projector)
        except BaseException as error:
            self._error = error
        finally:
            projector.stop()
            connections.close_all()


class Waiting(Beside):
    """Leaves the projecting to the server that this process is part of."""

    def start(self) -> None:
        """See Beside."""

    def finish(self, paths: Sequence[str], watcher: Watcher) -> Outcome:
        """See Beside."""
        return _follow(paths, watcher, lambda: time.sleep(POLL_SECONDS))


def project(paths: Sequence[str], watcher: Watcher | None = None) -> Outcome:
    """See the staged files into the log: by projecting here, or, where a server does it, by waiting for it.

    Returns: what became of their rows; some may still wait where the server is slow or stopped.
    """
    projector = Projector()
    try:
        return _follow(paths, watcher or Watcher(), lambda: _step(projector))
    finally:
        projector.stop()


def project_waiting() -> None:
    """Project whatever waits in the journal, where no server is running to do it."""
    projector = Projector()
    try:
        projector.drain()
    except (NotElected, Deposed):
        return
    finally:
        projector.stop()


def _follow(paths: Sequence[str], watcher: Watcher, step: Callable[[], None]) -> Outcome:
    """Take steps until all of the staged files are projected, or nothing has moved for a long time."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    before = -1
    while True:
        found = outcome(paths)
        watcher.projecting(found.n_segments - found.n_waiting, found.n_segments)
        if not found.n_waiting or time.monotonic() > deadline:
            return found
        if found.n_waiting != before:
            before, deadline = found.n_waiting, time.monotonic() + GIVE_UP_SECONDS
        step()


def _step(projector: Projector) -> None:
    try:
        if projector.run_once() == 0:
            time.sleep(POLL_SECONDS)
    except (NotElected, Deposed):
        time.sleep(POLL_SECONDS)
    except Temporary:
        time.sleep(5 * POLL_SECONDS)
