"""Worker processes that end with the process that started them, however that ends."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Self

import psutil

from bmcourse import checks

SECONDS_TO_END = 5.0
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class WorkerDied(RuntimeError):
    """A worker ended before it answered."""


class NoAnswer(TimeoutError):
    """A worker is alive, and did not answer in time."""


@dataclass(frozen=True)
class Worker:
    """One worker process, as seen from the process that started it.

    Attributes
    ----------
    rank : int
        Its number, from 0.
    """

    rank: int
    _process: BaseProcess
    _pipe: Connection

    @property
    def pid(self) -> int:
        """The number of the process."""
        return int(self._process.pid or 0)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.is_alive()

    def send(self, message: Any) -> None:
        """Send anything that `pickle` can write.

        Raises
        ------
        WorkerDied
            If the worker has ended.
        """
        try:
            self._pipe.send(message)
        except (BrokenPipeError, ConnectionError) as error:
            raise self._died() from error

    def receive(self, timeout: float = 60.0) -> Any:
        """Return the next message of the worker.

        Parameters
        ----------
        timeout : float
            Seconds to wait.

        Raises
        ------
        WorkerDied
            If the worker has ended without a message.
        NoAnswer
            If it runs, and has not answered in time.
        """
        if not self._pipe.poll(timeout):
            raise NoAnswer(f"worker {self.rank} has not answered within {timeout:g} s")
        try:
            return self._pipe.recv()
        except (EOFError, ConnectionError) as error:
            raise self._died() from error

    def kill(self) -> Self:
        """End the process and all that it has started, at once, as a power cut would."""
        _kill_tree(self.pid)
        self._process.join(SECONDS_TO_END)
        return self

    def _died(self) -> WorkerDied:
        self._process.join(SECONDS_TO_END)
        return WorkerDied(f"worker {self.rank} has ended, with code {self._process.exitcode}")


@contextmanager
def workers(target: Callable[..., None], count: int, *arguments: Any) -> Iterator[list[Worker]]:
    """Start processes that call ``target(rank, pipe, *arguments)``; end them all at the end.

    Each is a fresh Python of its own (so `target` must be importable, not a notebook's own
    function) with one thread for its matrix products. None outlives the `with` block, an error
    in it, or the process that started it, even one that was killed: a thread in each worker
    waits for the end of its parent.

    Parameters
    ----------
    target : callable
        Module-level function of an importable module; `pipe` has ``send`` and ``recv``.
    count : int
        Number of processes, at least 1.
    arguments
        Anything that `pickle` can write.

    Yields
    ------
    list of Worker
        In the order of their ranks.

    Raises
    ------
    ValueError
        If `target` cannot be imported by another process.
    """
    checks.integer("count", count)
    if target.__module__ == "__main__" or "<" in target.__qualname__:
        checks.fail("target", "a function of an importable module", repr(target))
    context = get_context("spawn")
    started: list[Worker] = []
    try:
        with _environment(ONE_THREAD):
            for rank in range(count):
                ours, theirs = context.Pipe()
                process = context.Process(
                    target=_serve, args=(target, rank, theirs, arguments), daemon=True
                )
                process.start()
                theirs.close()  # so that we notice when the worker's own end closes
                started.append(Worker(rank, process, ours))
        yield started
    finally:
        for worker in started:
            worker.kill()
            worker._pipe.close()


def _serve(target: Callable[..., None], rank: int, pipe: Connection, arguments: Any) -> None:
    """Run in the worker: watch the parent, then work."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    nobody_listens = (EOFError, KeyboardInterrupt, BrokenPipeError)  # the other end has gone
    try:
        with suppress(*nobody_listens):
            target(rank, pipe, *arguments)
    finally:
        _kill(psutil.Process().children(recursive=True))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        _kill_tree(os.getpid())


def _kill_tree(pid: int) -> None:
    """Kill a process and its descendants; those that have ended already are no error."""
    try:
        root = psutil.Process(pid)
        _kill([*root.children(recursive=True), root])
    except psutil.NoSuchProcess:
        return


def _kill(processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set variables that child processes inherit, and put the old ones back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value
