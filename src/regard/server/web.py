"""The web child of `regard serve`: uvicorn on the socket that its parent listens on."""

from __future__ import annotations

import signal
import socket
import sys

from regard.server.parent import watch_parent

STOP_SECONDS = 5


def main(descriptor: int) -> None:
    """Answer requests on the listening socket `descriptor` until asked to stop."""
    import uvicorn

    watch_parent()
    from regard.server.asgi import application

    listening = socket.socket(fileno=descriptor)
    config = uvicorn.Config(
        application,
        http="httptools",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=STOP_SECONDS,
        ws="none",
    )
    server = uvicorn.Server(config)
    application.live.is_stopping = lambda: server.should_exit
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server.run(sockets=[listening])
    if not server.started:
        sys.exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
