"""Tasks on a Dask cluster: workers of this machine for one command, or those of a scheduler that is there.

The items of the tasks are sent along, so a worker needs no file and no database, only this program in the same version.
What a task raises comes back as a value: Dask writes the arguments of a task that fails into its log, and they are
articles that nobody else may read.
"""

import logging
import signal
import tempfile
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from threading import Event, current_thread, main_thread
from types import FrameType
from typing import TYPE_CHECKING, Any

from annotator.errors import Refused, Unavailable
from annotator.spread import Item, Result

if TYPE_CHECKING:
    from distributed import Client, Future

Versions = Callable[[], Mapping[str, str]]

NEEDED = ("distributed", "cryptography")
MISSING = "--workers and --scheduler need Dask, which is not installed here: pip install 'claim-annotator[dask]'."
TO_CONNECT = 5  # seconds for a scheduler to answer
TO_FETCH = 15  # seconds for one result, which may be lost meanwhile
TO_COME = 60  # seconds without any worker, after which nobody waits for one any longer
LOOK = 1.0  # seconds between two looks at whether the cluster is still there
AHEAD, LEAST_AHEAD, MOST_AHEAD = 8, 16, 1_024  # tasks that are out at once: a thread of a worker, and in all
LIVES = 3  # workers that may end over one task before it is given up
LOCAL: Mapping[str, Any] = {
    "distributed.scheduler.allowed-failures": LIVES - 1,
    "distributed.scheduler.http.routes": [],  # the ports for pages have none
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,  # it would look at every task a hundred times a second
    "distributed.worker.memory.spill": False,  # no article goes to the disk
    "distributed.worker.memory.target": False,
}
QUIET: Mapping[str, Any] = {"distributed.admin.large-graph-warning-threshold": "1GiB"}  # one line may have 10 MiB


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a task gave, or what it raised and where, or in what a worker differs."""

    value: Any = None
    error: Exception | None = None
    where: str = ""
    differs: str | None = None


def run(task: Callable[[Any], Any], item: Any, versions: Versions, expected: Mapping[str, str]) -> Outcome:
    """Do one task, on a worker, if the versions there are those that are expected."""
    from distributed import get_worker  # an extra

    where = str(get_worker().address)
    try:
        found = known(versions)
        for name, ours in expected.items():
            if found.get(name) != ours:
                return Outcome(where=where, differs=f"{name} {found.get(name)}, not {ours} as this machine")
        return Outcome(task(item))
    except Exception as error:  # for the reason given on top
        if not isinstance(error, Refused):
            error.add_note("".join(traceback.format_tb(error.__traceback__)))
        return Outcome(error=error, where=where)


@cache
def known(versions: Versions) -> Mapping[str, str]:
    """Versions are found once a process."""
    return versions()


@dataclass(slots=True)
class Cluster:
    """Works through items on a cluster, a bounded number of them ahead; it is a `Spread`."""

    client: "Client"
    name: str
    versions: Versions
    expected: Mapping[str, str]
    pressed: Event
    threads: int = 0
    looked: float = float("-inf")
    alone: float | None = None  # since when there is no worker

    def __call__(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        waiting: deque[Future[Outcome]] = deque()
        source, problem, ended = iter(items), None, False
        try:
            while not ended or waiting:
                if self.pressed.is_set():
                    raise KeyboardInterrupt
                while not ended and len(waiting) < self._room():
                    try:
                        item = next(source)
                    except StopIteration:
                        ended = True
                    except Exception as error:  # it has its turn, after the results before it
                        problem, ended = error, True
                    else:
                        call = (run, task, item, self.versions, self.expected)
                        waiting.append(self.client.submit(*call, pure=False))
                if waiting:
                    yield self._result(waiting.popleft())
        finally:
            for future in waiting:
                future.release()
        if problem is not None:
            raise problem

    def _room(self) -> int:
        """How many tasks may be out at once: enough that no worker waits while results are stored."""
        self._look()
        return min(max(LEAST_AHEAD, AHEAD * self.threads), MOST_AHEAD)

    def _look(self) -> None:
        """Count the workers now and then. Raises Unavailable when scheduler or workers are gone."""
        now = time.monotonic()
        if now - self.looked < LOOK:
            return
        if self.client.status not in ("running", "connecting"):
            raise Unavailable(self._lost())
        self.looked, self.threads = now, self._count()
        if self.threads:
            self.alone = None
        elif self.alone is None:
            self.alone = now
        elif now - self.alone > TO_COME:
            raise Unavailable(f"{self.name} has had no worker for {TO_COME} seconds.")

    def _count(self) -> int:
        try:
            return sum(self.client.nthreads().values())
        except (OSError, ValueError) as error:  # its connection is closed
            raise Unavailable(self._lost()) from error

    def _lost(self) -> str:
        return f"{self.name} is gone: it ended, or the connection broke."

    def _result(self, future: "Future[Outcome]") -> Any:
        """The value of a task, whoever did it at last. Raises what the task raised, Unavailable without an answer."""
        from distributed import CancelledError, KilledWorker  # as in run()

        try:
            outcome = self._outcome(future)
        except KilledWorker as error:
            raise Unavailable(
                f"Each of {error.allowed_failures + 1} workers ended over the same piece of text, so it was given up:"
                " the piece may need more memory than a worker has."
            ) from error
        except CancelledError as error:
            raise Unavailable(self._lost()) from error
        except Refused:
            raise
        except Exception as error:  # Dask's own: it could not read the task, or send it
            raise Unavailable(
                f"{self.name} could not read its work ({type(error).__name__}): scheduler and workers need"
                " claim-annotator and Dask in the same versions as this machine."
            ) from error
        return self._value(outcome)

    def _outcome(self, future: "Future[Outcome]") -> Outcome:
        while True:
            with suppress(TimeoutError):
                return future.result(timeout=LOOK if future.status == "pending" else TO_FETCH)
            self._look()

    def _value(self, outcome: Outcome) -> Any:
        if outcome.differs is not None:
            raise Unavailable(f"The worker at {outcome.where} has {outcome.differs}. Nothing is done there.")
        if isinstance(outcome.error, Unavailable):
            raise Unavailable(f"The worker at {outcome.where}: {outcome.error.message}") from outcome.error
        if outcome.error is not None:
            raise outcome.error
        return outcome.value


@contextmanager
def opened(versions: Versions, *, workers: int = 1, scheduler: str | None = None) -> Iterator[Cluster]:
    """The cluster of a scheduler's address, else so many workers on this machine, which end with the block.

    Raises Unavailable without Dask, or when the scheduler does not answer or has no worker.
    """
    if any(find_spec(name) is None for name in NEEDED):
        raise Unavailable(MISSING)
    import dask  # as in run()
    import distributed  # its settings are there before ours

    expected = versions()
    # Dask tells of lost workers and connections on stderr: what matters of it is said in our words
    logging.getLogger(distributed.__name__).setLevel(logging.CRITICAL + 1)
    cluster = _connected(scheduler) if scheduler is not None else _local(workers)
    with _noticed() as pressed, dask.config.set(QUIET), cluster as client:
        name = f"The scheduler at {scheduler}" if scheduler is not None else "The cluster of this command"
        yield Cluster(client, name, versions, expected, pressed)


@contextmanager
def _noticed() -> Iterator[Event]:
    """Whether Ctrl-C was pressed meanwhile: Python drops it where it comes while something of Dask's is disposed of."""
    pressed, before = Event(), signal.getsignal(signal.SIGINT)

    def note(number: int, frame: FrameType | None) -> None:
        pressed.set()
        signal.default_int_handler(number, frame)

    if current_thread() is not main_thread() or before is not signal.default_int_handler:
        yield pressed  # signals come to the main thread, and somebody else's answer to this one stays
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    """A client of a scheduler; a tls:// address takes Dask's own settings of certificates."""
    from distributed import Client, Security  # as in run()

    if address.startswith("tls:") and Security().get_connection_args("client")["ssl_context"] is None:
        raise Unavailable(f"{address} needs certificates: name them in Dask's settings distributed.comm.tls.")
    try:
        with warnings.catch_warnings(action="ignore"):  # other versions of small libraries; `run` looks at ours
            client = Client(address, timeout=TO_CONNECT, set_as_default=False, direct_to_workers=False)
    except OSError as error:
        raise Unavailable(f"No Dask scheduler answers at {address}: {_reason(error)}.") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=TO_CONNECT)
        except TimeoutError as error:
            raise Unavailable(f"The scheduler at {address} has no worker: start one with dask worker.") from error
        yield client


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")[:200] or type(error).__name__


def dask_setup(_worker: object) -> None:
    """Dask calls this in each worker of this machine: Ctrl-C is meant for the command, which then ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _local(workers: int) -> Iterator["Client"]:
    """So many processes that listen on the loopback and talk encrypted: other users of the machine stay outside."""
    import dask  # as in run()
    from distributed import Client, LocalCluster, Security

    with (
        tempfile.TemporaryDirectory(prefix="annotator-") as folder,
        dask.config.set({**LOCAL, "temporary-directory": folder}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            security=Security.temporary(),
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # else it takes a well-known port
            silence_logs=logging.CRITICAL + 1,
            local_directory=folder,
            preload=[__name__],
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client
