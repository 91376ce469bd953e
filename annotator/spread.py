"""How a long row of pieces is worked through: one after another here, or on a cluster with the same results."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Spread(Protocol):
    """The results of a pure task for each item, in the order of the items; only some of them are held at a time.

    An error of the task or of the items comes when all results before it are out.
    """

    def __call__(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]: ...


def one_by_one(task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Work in this process: an item is asked for when its result is."""
    return map(task, items)
