"""The options that put a command's work on several processes or machines."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.spread import Spread, one_by_one

if TYPE_CHECKING:
    from annotator.nlp.versions import Versions

MOST_WORKERS = 256
ADDRESS = re.compile(r"(tcp|tls)://\S+:\d{1,5}")
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        max=MOST_WORKERS,
        show_default=False,
        help="Read the text in so many processes of this machine; needs the extra [dask].",
    ),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        show_default=False,
        help="Read the text on the workers of this Dask scheduler, such as tls://host:8786; needs the extra [dask].",
    ),
]


def check(workers: int | None, scheduler: str | None) -> None:
    """Two answers to one question, and what is no address, are a wrong usage."""
    if scheduler is not None and not ADDRESS.fullmatch(scheduler):
        raise typer.BadParameter("An address is tcp://HOST:PORT or tls://HOST:PORT.", param_hint="--scheduler")
    if workers is not None and scheduler is not None:
        raise typer.BadParameter(
            "A scheduler has its own workers: say --workers or --scheduler.", param_hint="--workers"
        )


@contextmanager
def spread(workers: int | None, scheduler: str | None, versions: "Versions") -> Iterator[Spread]:
    """How the work is done: in this process unless workers or a scheduler are named."""
    if workers is None and scheduler is None:
        yield one_by_one
        return
    from annotator import cluster  # Dask: an extra, and a second to import

    with cluster.opened(versions, workers=workers or 1, scheduler=scheduler) as found:
        yield found
