"""Run the application: on one process, or on several workers that share a PostgreSQL database."""

import asyncio
import contextlib
import threading
import webbrowser
from collections.abc import Iterator
from typing import Any

import uvicorn
from fastapi import FastAPI
from h11 import IDLE
from uvicorn.protocols.http.h11_impl import H11Protocol

from annotator.services import backups
from annotator.settings import Settings, from_environment, hand_on
from annotator.web import logs, security
from annotator.web.app import create_app
from db.engine import Database, open_database

GRACE_SECONDS = 5
HEAD_SECONDS = 15  # for the head of a request to come in
START_SECONDS = 60  # for a worker to come up, also on a busy machine; uvicorn would end it after 5
IDLE_SECONDS = 20  # a connection without a request is closed after so long


class PatientProtocol(H11Protocol):
    """uvicorn waits for ever for the head of a request; this waits a quarter of a minute."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._late = self.loop.call_later(HEAD_SECONDS, transport.close)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is not IDLE:
            self._in_time()
        elif self._late is None:
            self._late = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._in_time()
        super().connection_lost(exc)

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def send_400_response(self, msg: str) -> None:
        """A head that cannot be read never gets to the application; its answer has the same headers."""
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
