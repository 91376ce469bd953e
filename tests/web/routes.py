"""The routes of the application, whichever way FastAPI keeps the routers that were included."""

from collections.abc import Iterable, Iterator
from typing import Any

from starlette.routing import Route


def routes_of(routes: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """(method, path) of every route, without HEAD beside GET: the guard makes one of the two."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from routes_of(included.routes)
        elif isinstance(route, Route):
            yield from ((method, route.path) for method in sorted(route.methods - {"HEAD"}))
