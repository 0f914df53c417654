"""The worker child of `regard serve`: the projector, where this process is elected, and the jobs."""

from __future__ import annotations

import logging
import signal
import threading

from regard.server.parent import watch_parent

logger = logging.getLogger(__name__)

JOIN_SECONDS = 10


def main() -> None:
    """Project and do jobs until asked to stop."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watch_parent()
    from regard.webkit import boot

    boot.setup(migrate=False)
    from regard.apps.journal import jobs
    from regard.apps.journal.projector import Projector
    from regard.server import keeping

    parts = [
        # Two, so that a long one, such as a large file being taken in, holds up no other.
        threading.Thread(target=jobs.run_forever, args=(stop,), name="jobs"),
        threading.Thread(target=jobs.run_forever, args=(stop,), name="more-jobs"),
        threading.Thread(target=Projector().run_forever, args=(stop,), name="projector"),
        threading.Thread(target=keeping.run_forever, args=(stop,), name="keeping"),
    ]
    for part in parts:
        part.daemon = True
        part.start()
    while not stop.wait(1):
        for part in parts:
            if not part.is_alive():
                logger.error("worker.part_ended name=%s", part.name)
                stop.set()
                raise SystemExit(1)
    for part in parts:
        part.join(JOIN_SECONDS)


if __name__ == "__main__":
    main()
