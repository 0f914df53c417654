"""Django as WSGI in a pool of threads, behind the ASGI router. Behind its own ASGI handler it is seven times slower."""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings

from regard.apps.intake.tracking.app import Receive, Scope, Send
from regard.server.proxies import reader_address

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
IN_MEMORY = 1_000_000
BODY_LIMIT = 200_000_000


class WSGIBridge:
    """An ASGI application that runs a WSGI one, each request in a thread of its own pool."""

    def __init__(self, application: WSGI, *, threads: int) -> None:
        self.application = application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    def close(self) -> None:
        """Wait for the requests at work and end the threads."""
        self.pool.shutdown(cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            size = 0
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return  # The reader went away.
                part = message.get("body", b"")
                size += len(part)
                if size > BODY_LIMIT:
                    await _refuse(send)
                    return
                body.write(part)
                if not message.get("more_body"):
                    break
            body.seek(0)
            loop = asyncio.get_running_loop()
            environ = make_environ(scope, body, size)
            status, headers, chunks, closing = await loop.run_in_executor(self.pool, self._run, environ)
            await send({"type": "http.response.start", "status": status, "headers": headers})
            try:
                while chunk := await loop.run_in_executor(self.pool, next, chunks, b""):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            finally:
                await loop.run_in_executor(self.pool, closing)
            await send({"type": "http.response.body", "body": b""})

    def _run(self, environ: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], Any, Callable[[], None]]:
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], problem: object = None) -> None:
            started[:] = [status, headers]

        answer = self.application(environ, start)
        status, headers = started
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        whole = getattr(answer, "streaming", True) is False
        chunks = iter([b"".join(answer)]) if whole else (chunk for chunk in answer if chunk)
        return int(status[:3]), encoded, chunks, getattr(answer, "close", lambda: None)


def make_environ(scope: Scope, body: Any, size: int) -> dict[str, Any]:
    """The WSGI environment of an ASGI request."""
    host, port = scope.get("server") or ("localhost", 80)
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw_path.partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "CONTENT_LENGTH": str(size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body if size else io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if key == "CONTENT_LENGTH" or "_" in name.decode("latin-1"):
            continue  # An underscore could pass for another header's hyphen.
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    peer, forwarded = environ["REMOTE_ADDR"], environ.get("HTTP_X_FORWARDED_FOR", "")
    environ["REMOTE_ADDR"] = reader_address(peer, forwarded, settings.REGARD.proxies)
    return environ


async def _refuse(send: Send) -> None:
    await send({"type": "http.response.start", "status": 413, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"The request is too large."})
