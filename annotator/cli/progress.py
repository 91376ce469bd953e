"""How far a long command is, on stderr, and only where somebody can see it move."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(what: str, unit: str, total: int | None = None, *, least: int = 0) -> Iterator[Callable[[int], None]]:
    """A function to tell of finished units; it draws done, rate and time left on a terminal and nothing elsewhere.

    It draws nothing either when there are fewer units in all than `least`.
    """
    if not sys.stderr.isatty() or (total is not None and total < least):
        yield _nothing
        return
    # a tenth of a second to import, and only needed where there is a terminal
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.completed:,.0f} {task.fields[unit]}, {task.speed or 0:,.0f} a second")
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total, unit=unit)
        yield lambda done: bar.advance(task, done)


def _nothing(_done: int) -> None:
    return
