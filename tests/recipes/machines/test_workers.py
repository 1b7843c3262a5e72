from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable

import psutil
import pytest

from bmcourse.recipes.machines.workers import NoAnswer, WorkerDied, workers
from recipes.machines import echo

PARENT = """
import os, sys, time
sys.path.insert(0, {here!r})
import echo
from bmcourse.recipes.machines.workers import workers
if __name__ == "__main__":
    with workers(echo.busy, 1) as busy, workers(echo.echo, 1) as crew:
        crew[0].send("child")
        print(busy[0].pid, crew[0].pid, crew[0].receive()[1], busy[0].receive(), flush=True)
        {then}
"""


def running(pids: Iterable[int]) -> list[int]:
    def alive(pid: int) -> bool:
        try:
            return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    return [pid for pid in pids if alive(pid)]


def soon_none_of(pids: Iterable[int]) -> bool:
    for _ in range(100):
        if not running(pids):
            return True
        time.sleep(0.1)
    return False


def test_workers_answer_by_rank_with_their_arguments() -> None:
    with workers(echo.echo, 2, "a", 5) as crew:
        for worker in crew:
            worker.send("hello")
        assert [worker.receive() for worker in crew] == [(0, "hello", "a", 5), (1, "hello", "a", 5)]
        pids = [worker.pid for worker in crew]
        assert running(pids) == pids
    assert soon_none_of(pids)


def test_a_dead_worker_is_named_and_the_others_go_on() -> None:
    with workers(echo.echo, 2) as crew:
        crew[1].send("die")
        with pytest.raises(WorkerDied, match="worker 1 has ended"):
            crew[1].receive()
        with pytest.raises(WorkerDied, match="worker 1"):
            crew[1].send("hello")
        crew[0].send("hello")
        assert crew[0].receive() == (0, "hello")
        assert not crew[1].kill().alive


def test_a_silent_worker_is_not_called_dead() -> None:
    with workers(echo.echo, 1) as crew, pytest.raises(NoAnswer, match=r"within 0\.1 s"):
        crew[0].receive(timeout=0.1)


def test_an_error_in_the_block_ends_the_workers() -> None:
    pids: list[int] = []

    def fails() -> None:
        with workers(echo.busy, 1) as crew:
            pids.append(crew[0].pid)
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert soon_none_of(pids)


@pytest.mark.parametrize("then", ["time.sleep(300)", "sys.exit()", "os._exit(1)"])
def test_no_worker_and_no_child_of_one_outlives_the_parent(then: str) -> None:
    code = PARENT.format(here=os.path.dirname(__file__), then=then)
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 4
    if "sleep" in then:
        assert running(pids) == pids
        os.kill(parent.pid, signal.SIGKILL)
    parent.wait(30)
    assert soon_none_of(pids)


def test_each_worker_computes_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    with workers(echo.one_thread, 1) as crew:
        assert crew[0].receive() == "1"
    assert "OMP_NUM_THREADS" not in os.environ


def test_a_function_of_a_notebook_is_refused() -> None:
    crew = workers(lambda rank, pipe: None, 1)
    with pytest.raises(ValueError, match="importable"):
        crew.__enter__()
