"""What was read and may be read again from memory, the least used forgotten first.

Nothing here is trusted by itself: whoever takes a value out checks it against the database in the same transaction.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any


class Kept:
    """Values of a weight of `room` at most; safe to share between threads, as values are never changed in place."""

    def __init__(self, room: int) -> None:
        self._room, self._used = room, 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any | None:
        """The value of a key; None where there is none, or none any more."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def put(self, key: Hashable, value: Any, weight: int) -> None:
        """Keep a value, in place of the one before; one that is heavier than all the room is not kept."""
        with self._lock:
            _, before = self._values.pop(key, (None, 0))
            self._used -= before
            if weight > self._room:
                return
            self._values[key] = (value, weight)
            self._used += weight
            while self._used > self._room:
                _, (_, gone) = self._values.popitem(last=False)
                self._used -= gone
