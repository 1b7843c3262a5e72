"""All-reduce around a ring: each worker ends with the sum of all vectors, and none sends much."""

from __future__ import annotations

from multiprocessing import current_process
from multiprocessing.connection import Client, Connection, Listener
from typing import Self

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Vector = npt.NDArray[np.float64]


class Ring:
    """One worker's place in a ring: it sends to the next worker, and hears the one before.

    Attributes
    ----------
    rank, size : int
        Own number, from 0, and number of workers.
    bytes_sent : int
        Bytes of numbers that this worker has sent so far.
    """

    def __init__(
        self, rank: int, size: int, to_next: Connection | None, from_previous: Connection | None
    ) -> None:
        self.rank, self.size, self.bytes_sent = rank, size, 0
        self._to_next, self._from_previous = to_next, from_previous

    @classmethod
    def join(cls, rank: int, size: int, pipe: Connection) -> Self:
        """Meet the neighbours: say the own address to the parent, and hear all addresses.

        `meet` is the parent's side. Connections stay on this machine, and want the key that
        workers have from their parent.
        """
        key = bytes(current_process().authkey)
        with Listener(("127.0.0.1", 0), authkey=key) as door:
            pipe.send(door.address)
            addresses = pipe.recv()
            if size == 1:
                return cls(rank, size, None, None)
            after = addresses[(rank + 1) % size]
            if rank == 0:  # one must knock first, or all would wait at their doors
                to_next = Client(after, authkey=key)
                from_previous = door.accept()
            else:
                from_previous = door.accept()
                to_next = Client(after, authkey=key)
        return cls(rank, size, to_next, from_previous)

    def all_reduce(self, vector: Vector) -> Vector:
        """Add up the vectors of all workers; each gets the same sum, to the last bit.

        First round, `size - 1` steps: a part travels around the ring, and each worker adds its
        own numbers to it. Then each part is complete at one worker. Second round: the complete
        parts travel around.

        Parameters
        ----------
        vector : ndarray of float64, shape (n,)
            Changed in place.

        Returns
        -------
        ndarray of shape (n,)
            `vector`.
        """
        checks.array("vector", vector, shape=(None,))
        parts = np.array_split(vector, self.size)  # views
        for step in range(self.size - 1):
            parts[(self.rank - step - 1) % self.size] += self._pass(
                parts[(self.rank - step) % self.size]
            )
        for step in range(self.size - 1):
            parts[(self.rank - step) % self.size][:] = self._pass(
                parts[(self.rank - step + 1) % self.size]
            )
        return vector

    def _pass(self, part: Vector) -> Vector:
        """Send `part` to the next worker; return what the worker before sends."""
        assert self._to_next is not None
        assert self._from_previous is not None
        self.bytes_sent += part.nbytes
        if self.rank % 2 == 0:  # if all sent first, all could wait for room
            self._to_next.send_bytes(part.tobytes())
            return np.frombuffer(self._from_previous.recv_bytes())
        received = np.frombuffer(self._from_previous.recv_bytes())
        self._to_next.send_bytes(part.tobytes())
        return received
