"""The router: `/v1/*` is the tracking API, health is answered at once, `/live/` are the live streams, everything else goes to Django."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys

from regard.webkit import boot

boot.setup(migrate=False)

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connections  # noqa: E402

from regard.apps.intake.queries import list_sources  # noqa: E402
from regard.apps.intake.tracking.app import Receive, Scope, Send, Tracking  # noqa: E402
from regard.apps.intake.tracking.senders import REFRESH_SECONDS, Senders  # noqa: E402
from regard.apps.intake.tracking.writer import GroupWriter, store_in_journal  # noqa: E402
from regard.apps.journal.recent import load_recent  # noqa: E402
from regard.server import warming  # noqa: E402
from regard.server.bridge import WSGIBridge  # noqa: E402
from regard.server.health import Health  # noqa: E402
from regard.server.live import ADDRESS, Live  # noqa: E402

logger = logging.getLogger(__name__)

# The writer wakes while the event loop is busy: with the usual 5 ms it would wait that long for its turn.
SWITCH_SECONDS = 0.0005


class Router:
    """The whole web process as one ASGI application."""

    def __init__(self) -> None:
        self.django = WSGIBridge(get_wsgi_application(), threads=8)
        self.senders = Senders(list_sources)
        self.health = Health(settings.REGARD)
        self.live = Live()
        self.writer: GroupWriter | None = None
        self.tracking: Tracking | None = None
        self._watch: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            if path.startswith("/v1/"):
                assert self.tracking is not None
                await self.tracking(scope, receive, send)
            elif path in self.health.addresses:
                await self.health(scope, receive, send)
            elif path == ADDRESS:
                await self.live(scope, receive, send)
            else:
                await self.django(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            raise RuntimeError(f"There is no answer to {scope['type']}.")

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._start()
        except Exception as error:
            logger.exception("server.not_started")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        recent = await asyncio.to_thread(load_recent)
        self.writer = GroupWriter(store_in_journal, recent, asyncio.get_running_loop())
        self.writer.start()
        self.tracking = Tracking(self.writer.submit, self.senders, self.health.overload_seconds)
        self.health.writer = self.writer
        await asyncio.to_thread(self._look)
        self._watch = asyncio.create_task(self._look_again())
        await self.live.start()
        warming.begin()

    def _look(self) -> None:
        """Read sources and lag; a failure leaves what is known and is shown by health."""
        try:
            self.senders.refresh()
            self.health.refresh()
        except Exception as error:
            self.health.note_failure(error)
            logger.warning("server.look_failed error=%s", type(error).__name__, exc_info=error)
            connections.close_all()

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_SECONDS / 4)
            await asyncio.to_thread(self._look)

    async def _stop(self) -> None:
        await self.live.stop()
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self.writer is not None:
            self.writer.stop()
            await asyncio.to_thread(self.writer.join, 10)
        self.django.close()


application = Router()
