"""Ports for servers in processes of their own, which are told theirs before they bind it."""

import os
import socket
from collections.abc import Iterator
from itertools import chain

FIRST, EACH = 10_000, 1_500  # below those that a system gives to whoever asks for any: 32768 on Linux, 49152 elsewhere


def _own() -> Iterator[int]:
    """The ports of this process: each of pytest's workers has a range, and two runs at once begin in other places."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 14
    low, begin = FIRST + worker * EACH, os.getpid() * 37 % EACH
    return iter(chain(range(low + begin, low + EACH), range(low, low + begin)))


_ports = _own()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at and that nobody else is given, not even a connection that goes out."""
    for port in _ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("every port was given away")
