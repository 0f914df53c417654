"""The same router as the real server's, reading and checking every request, with a sink that keeps nothing."""

from __future__ import annotations

from typing import Any

from regard.server.asgi import Router


async def keep_nothing(taken: Any) -> None:
    """Acknowledge at once."""


class EmptySink(Router):
    """The real router, whose tracking API stores nothing."""

    async def _start(self) -> None:
        await super()._start()
        assert self.tracking is not None
        self.tracking.submit = keep_nothing


application = EmptySink()
