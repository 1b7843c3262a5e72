"""What the workers of the tests do: they must be importable."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
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
    """Answer once, then never look at the pipe again; ends by itself after two minutes.

    So that a planted fault in the watching of the parent leaves nothing behind for long.
    """
    pipe.send(os.getpid())
    end = time.monotonic() + 120
    while time.monotonic() < end:
        pass


def one_thread(rank: int, pipe: Connection) -> None:
    pipe.send(os.environ["OMP_NUM_THREADS"])
