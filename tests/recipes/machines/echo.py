"""What the workers of the tests do: they must be importable."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from multiprocessing.connection import Connection


def echo(rank: int, pipe: Connection, *arguments: object) -> None:
    while True:
        message = pipe.recv()
        if message == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if message == "child":
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
            message = child.pid
        pipe.send((rank, message, *arguments))


def busy(rank: int, pipe: Connection) -> None:
    """Answer once, then never look at the pipe again."""
    pipe.send(os.getpid())
    while True:
        pass


def one_thread(rank: int, pipe: Connection) -> None:
    pipe.send(os.environ["OMP_NUM_THREADS"])
