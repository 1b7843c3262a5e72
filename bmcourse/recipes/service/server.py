"""The service in a process of its own, on this machine only, which ends with its parent."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from bmcourse.recipes.machines.workers import Worker, workers
from bmcourse.recipes.service.service import Model, application

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Server:
    """A running service.

    Attributes
    ----------
    port : int
        Chosen by the operating system among those that are free.
    """

    port: int
    _worker: Worker

    @property
    def url(self) -> str:
        """Address without a path."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._worker.pid

    def use(self, path: Path) -> str:
        """Exchange the model while requests are answered; return the version now in use.

        Raises
        ------
        ValueError
            If the file holds no model that can answer. The old one stays in use.
        """
        self._worker.send(str(path))
        done, said = self._worker.receive()
        if not done:
            raise ValueError(said)
        return str(said)

    def stop(self) -> None:
        """Take no new request, answer those that wait, and end."""
        self._worker.send(None)
        self._worker.receive()


@contextmanager
def serving(path: Path, most: int = 16) -> Iterator[Server]:
    """Serve the model in a file.

    Parameters
    ----------
    path : Path
    most : int
        Largest number of houses a call of the model; 1 for no batching.

    Yields
    ------
    Server
        It ends with the block, or with the process that started it, even a killed one.
    """
    with workers(run, 1, str(path), most) as crew:
        done, said = crew[0].receive()
        if not done:
            raise ValueError(said)
        yield Server(int(said), crew[0])


def run(rank: int, pipe: Connection, path: str, most: int) -> None:
    """Serve until the parent says None: the work of the other process."""
    import uvicorn

    try:
        model = Model(Path(path))
    except (OSError, ValueError) as error:
        pipe.send((False, f"{type(error).__name__}: {error}"))
        return
    app = application(model, most)
    config = uvicorn.Config(app, HOST, 0, log_level="error", access_log=False)  # 0: any free port
    server = uvicorn.Server(config)
    threading.Thread(target=_listen, args=(pipe, server, model), daemon=True).start()
    server.run()
    pipe.send((True, "ended"))


def _listen(pipe: Connection, server: object, model: Model) -> None:
    """Tell the parent the port, then do what it says."""
    while not server.started:  # type: ignore[attr-defined]
        time.sleep(0.01)
    socket = server.servers[0].sockets[0]  # type: ignore[attr-defined]
    pipe.send((True, socket.getsockname()[1]))
    while (message := pipe.recv()) is not None:
        try:
            pipe.send((True, model.use(Path(message))))
        except (OSError, ValueError, KeyError) as error:
            pipe.send((False, f"{type(error).__name__}: {error}"))
    server.should_exit = True  # type: ignore[attr-defined]
