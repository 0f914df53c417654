"""The log's upkeep in a process of its own, which takes the computing that is left over: nothing waits for it.

A thread would not do: what joins files works in threads that also write what arrives, and these have one priority.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import datetime

from regard.warehouse.log import Log

logger = logging.getLogger(__name__)

NICE = 19  # the last to be asked
DONE = "done\n"


class Keeper:
    """Keeps the log at `url`. Of one thread at a time; the process begins when there is something to do."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._process: subprocess.Popen[str] | None = None

    def maintain(self, now: datetime) -> None:
        """See Log.maintain. Raises: RuntimeError where the process failed; it begins anew the next time."""
        process = self._process = self._process or self._begin()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{now.isoformat()}\n")
            process.stdin.flush()
            said = process.stdout.readline()
        except OSError:
            said = ""
        if said != DONE and self._process is process:
            self.stop()
            raise RuntimeError(f"Maintaining the log ended with {process.returncode}.")

    def stop(self) -> None:
        """End the process, from any thread and amid its work: what it did not commit never counted."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                assert pipe is not None
                pipe.close()

    def _begin(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "regard.warehouse.keeper", self.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


def main() -> None:
    """Maintain the log at the address given, once for each moment that stands in a line; ends with who asks."""
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    log = Log.open(sys.argv[1])
    for line in sys.stdin:
        try:
            log.maintain(datetime.fromisoformat(line.strip()))
        except Exception:
            logger.exception("maintenance_failed")  # The files stay as they are until the next time.
        sys.stdout.write(DONE)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
