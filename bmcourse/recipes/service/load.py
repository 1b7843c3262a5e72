"""A bounded load: so many customers, each of whom waits for an answer before asking again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.recipes.service.contract import Row


@dataclass(frozen=True)
class Load:
    """What came back, in the order of the houses.

    Attributes
    ----------
    status : ndarray of shape (n,)
        HTTP status; 0 where no answer came.
    seconds : ndarray of shape (n,)
        From asking to the whole answer, as the customer sees it.
    answers : list
        What the service said, as Python objects; the error where none came.
    duration : float
        Seconds from the first question to the last answer.
    """

    status: Array
    seconds: Array
    answers: list[Any]
    duration: float

    @property
    def throughput(self) -> float:
        """Answers with status 200, a second."""
        return float(np.sum(self.status == 200)) / self.duration

    @property
    def lost(self) -> int:
        """Number of requests without an answer."""
        return int(np.sum(self.status == 0))

    def percentile(self, q: float) -> float:
        """Return the seconds within which `q` percent of the answers came."""
        return float(np.percentile(self.seconds, q))


def send(url: str, rows: Sequence[Row], clients: int = 1) -> Load:
    """Ask for the price of each house, with `clients` customers at the same time.

    At most `clients` requests are on the way at any time: the load is bounded.
    """
    import httpx

    checks.integer("clients", clients)
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    with httpx.Client(base_url=url, timeout=30, limits=limits, trust_env=False) as client:

        def ask(row: Row) -> tuple[int, float, Any]:
            begin = time.perf_counter()
            try:
                answer = client.post("/price", json=row)
            except httpx.HTTPError as error:
                return 0, time.perf_counter() - begin, error
            return answer.status_code, time.perf_counter() - begin, answer.json()

        begin = time.perf_counter()
        with ThreadPoolExecutor(clients) as crew:
            came = list(crew.map(ask, rows))
        duration = time.perf_counter() - begin
    status, seconds, answers = zip(*came, strict=True)
    return Load(np.array(status), np.array(seconds), list(answers), duration)


def get(url: str, path: str) -> str:
    """Return the text at one address of the service."""
    import httpx

    return httpx.get(url + path, timeout=30, trust_env=False).raise_for_status().text
