"""Run the application on one process: what `serve` and `demo` share."""

import contextlib
import threading
import webbrowser
from collections.abc import Iterator

import uvicorn

from annotator.settings import Settings
from annotator.web.app import create_app
from db.engine import Database

GRACE_SECONDS = 5


def run(settings: Settings, database: Database, *, browse: str | None = None) -> None:
    """Serve until Ctrl-C or SIGTERM; `browse` is an address to open in the browser once the server answers."""
    config = uvicorn.Config(
        create_app(settings, database),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    with _quiet_interrupt():
        server = uvicorn.Server(config)
        if browse is not None:
            threading.Thread(target=_open_when_ready, args=(server, browse), daemon=True).start()
        server.run()


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
