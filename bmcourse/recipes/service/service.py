"""The service itself: addresses, checks, answers and counters, as a FastAPI application."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bmcourse.recipes.service.batching import Batcher
from bmcourse.recipes.service.contract import Row, Violation
from bmcourse.recipes.service.forest import Forest
from bmcourse.recipes.service.houses import contract

NEEDS = ("fastapi", "uvicorn", "httpx", "prometheus_client")
BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
MOST_ROWS = 100


def missing() -> str:
    """Return what is missing, in one line; an empty text if a service can be started."""
    absent = [name for name in NEEDS if find_spec(name) is None]
    if not absent:
        return ""
    return f"Not installed: {', '.join(absent)} (pip install 'bmcourse[world]')."


class Counters:
    """What the service counts, in a registry of its own."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self.registry = CollectorRegistry()
        self.requests = Counter(
            "requests", "Requests by status", ["status"], registry=self.registry
        )
        self.seconds = Histogram(
            "seconds", "Time to an answer", buckets=BUCKETS, registry=self.registry
        )
        self.batch = Histogram(
            "batch_rows", "Rows a call", buckets=(1, 2, 4, 8, 16, 32), registry=self.registry
        )

    def text(self) -> str:
        """Return all counters in the text format of Prometheus."""
        from prometheus_client import generate_latest

        return generate_latest(self.registry).decode()


class Model:
    """The model in use. It can be exchanged between two calls."""

    def __init__(self, path: Path) -> None:
        self.use(path)

    def use(self, path: Path) -> str:
        """Read another model, then use it; return its version."""
        forest = Forest.read(path)
        forest.prices([_example()])  # it can answer, before a customer asks
        self.now = (forest, forest.version)
        return forest.version

    def answers(self, rows: Sequence[Row]) -> list[tuple[float, str]]:
        """Return a price and the version that computed it, for each house."""
        forest, version = self.now  # one look: a batch has one model
        return [(float(price), version) for price in forest.prices(rows)]


def _example() -> dict[str, Any]:
    """Return a row that keeps the contract."""
    return {c.name: c.words[0] if c.words else c.low for c in contract().columns}


def application(model: Model, most: int) -> Any:
    """Return the application.

    Parameters
    ----------
    model : Model
    most : int
        Largest number of houses a call of the model; 1 for no batching.
    """
    from fastapi import FastAPI
    from fastapi.exceptions import RequestValidationError
    from fastapi.responses import JSONResponse, PlainTextResponse

    counters = Counters()
    batcher = Batcher(model.answers, most, counters.batch.observe)

    @asynccontextmanager
    async def life(app: Any) -> AsyncIterator[None]:
        yield
        await batcher.close()

    app = FastAPI(lifespan=life)

    async def price(house: dict[str, Any]) -> Any:
        begin = time.perf_counter()
        violations = contract().check_request([house])
        if violations:
            counters.requests.labels("422").inc()
            return JSONResponse({"errors": [vars(v) for v in violations]}, 422)
        try:
            dollars, version = await batcher.answer(house)
        except Exception:
            counters.requests.labels("500").inc()
            raise
        counters.requests.labels("200").inc()
        counters.seconds.observe(time.perf_counter() - begin)
        return JSONResponse({"price": dollars, "version": version})

    async def no_house(request: Any, error: Any) -> Any:
        counters.requests.labels("422").inc()
        wrong = Violation("(body)", "one JSON object with a value for each column", "none", 0)
        return JSONResponse({"errors": [vars(wrong)]}, 422)

    async def metrics() -> Any:
        return PlainTextResponse(counters.text())

    app.exception_handler(RequestValidationError)(no_house)
    app.post("/price")(price)
    app.get("/metrics")(metrics)
    return app
