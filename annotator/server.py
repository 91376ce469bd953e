"""Run the application: on one process, or on several workers that share a PostgreSQL database."""

import asyncio
import contextlib
import gc
import threading
import webbrowser
from collections.abc import Iterator
from typing import Any, cast

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from annotator.services import backups
from annotator.settings import Settings, from_environment, hand_on
from annotator.web import logs, security
from annotator.web.app import create_app
from db.engine import Database, open_database

GRACE_SECONDS = 5
HEAD_SECONDS = 15  # for the head of a request to come in
HEAD_BYTES = 64 * 1024
START_SECONDS = 60  # for a worker to come up, also on a busy machine; uvicorn would end it after 5
IDLE_SECONDS = 20  # a connection without a request is closed after so long


class OneWrite:
    """A transport that holds the head of an answer back until its first part, so that both leave in one write."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport, self._head_is_next, self._held = transport, True, b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if self._head_is_next and not data.startswith(b"HTTP/1.1 100 "):
            self._held, self._head_is_next = data, False
        else:
            self._transport.write(self._held + data)
            self._held = b""

    def end(self) -> None:
        """An answer is complete; one to HEAD has no part after its head."""
        if self._held:
            self.write(b"")
        self._head_is_next = True

    def close(self) -> None:
        self.end()
        self._transport.close()


class PatientProtocol(HttpToolsProtocol):
    """uvicorn waits for ever for the head of a request, and for one without an end; this does neither."""

    _late: asyncio.TimerHandle | None = None
    _came = 0  # bytes since the last head that was whole

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._writes = OneWrite(transport)
        self.transport = cast(asyncio.Transport, self._writes)
        self._wait()

    def data_received(self, data: bytes) -> None:
        self._came += len(data)
        super().data_received(data)
        if self._late is not None and self._came > HEAD_BYTES:
            self.send_400_response("The head of the request is larger than 64 KiB.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        self._in_time()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        self._writes.end()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._in_time()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _in_time(self) -> None:
        self._came = 0
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def send_400_response(self, msg: str) -> None:
        """A head that cannot be read never gets to the application; its answer has the same headers."""
        self._in_time()
        lines = "".join(f"{name}: {value}\r\n" for name, value in security.HEADERS.items())
        head = f"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n{lines}"
        head += f"cache-control: no-store\r\nconnection: close\r\ncontent-length: {len(msg)}\r\n\r\n"
        self.transport.write((head + msg).encode("ascii"))
        self.transport.close()


def run(settings: Settings, database: Database, *, browse: str | None = None) -> None:
    """Serve until Ctrl-C or SIGTERM; `browse` is an address to open in the browser once the server answers."""
    logs.configure(requests=settings.log_requests)
    with _quiet_interrupt(), backups.daily(database, settings):
        server = uvicorn.Server(config_of(settings, create_app(settings, database)))
        gc.freeze()  # what is here stays, so nobody needs to look at it again
        if browse is not None:
            threading.Thread(target=_open_when_ready, args=(server, browse), daemon=True).start()
        server.run()


def run_workers(settings: Settings, workers: int) -> None:
    """Serve on several processes, each with its own connections to PostgreSQL; one that dies is replaced."""
    hand_on(settings)
    with _quiet_interrupt():
        uvicorn.run(
            f"{__name__}:application",
            factory=True,
            workers=workers,
            timeout_worker_healthcheck=START_SECONDS,
            **_options(settings),
        )


def application() -> FastAPI:
    """The application of one worker, with the settings that were handed on."""
    settings = from_environment()
    logs.configure(requests=settings.log_requests)
    return create_app(settings, open_database(settings.database))


def config_of(settings: Settings, app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(app, **_options(settings))


def _options(settings: Settings) -> dict[str, Any]:
    """How long a client may take, and whose word on its address counts."""
    proxies = [name.strip() for name in settings.trusted_proxies.split(",") if name.strip()]
    return {
        "host": settings.host,
        "port": settings.port,
        "http": PatientProtocol,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(proxies),
        "forwarded_allow_ips": proxies,
        "timeout_keep_alive": IDLE_SECONDS,
        "timeout_graceful_shutdown": GRACE_SECONDS,
    }


@contextlib.contextmanager
def _quiet_interrupt() -> Iterator[None]:
    """uvicorn raises the signal again once it has shut down; a person who pressed Ctrl-C wants no traceback."""
    with contextlib.suppress(KeyboardInterrupt):
        yield


def _open_when_ready(server: uvicorn.Server, address: str) -> None:
    while not server.started and not server.should_exit:
        threading.Event().wait(0.05)
    if server.started:
        webbrowser.open(address)
