"""A child process outlives its parent's kill -9 unless it watches: it reads a pipe that only the parent holds open."""

from __future__ import annotations

import os
import signal
import threading

PATIENCE_SECONDS = 15


def watch_parent(descriptor: int = 0) -> None:
    """End this process when the other end of the pipe at `descriptor` closes: at once in order, later by force."""

    def watch() -> None:
        while os.read(descriptor, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(PATIENCE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
