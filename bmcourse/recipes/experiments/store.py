"""A tracker in one file: runs and their metrics in SQLite, written so that nothing is lost."""

from __future__ import annotations

import json
import math
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from bmcourse.recipes.experiments.record import as_text, identity, surroundings

TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    run INTEGER PRIMARY KEY, identity TEXT NOT NULL, status TEXT NOT NULL, started TEXT NOT NULL,
    process INTEGER NOT NULL, born REAL NOT NULL, config TEXT NOT NULL, seed INTEGER NOT NULL,
    data TEXT NOT NULL, surroundings TEXT NOT NULL, result TEXT);
CREATE TABLE IF NOT EXISTS metrics (
    run INTEGER NOT NULL REFERENCES runs, step INTEGER NOT NULL, name TEXT NOT NULL, value REAL,
    PRIMARY KEY (run, step, name));
"""


class Store:
    """Runs in one SQLite file.

    The record of a run is complete *before* it trains; each metric is a transaction of its own.
    So a process that is killed leaves all that it had logged. Its run never says that it ended,
    and is read as "unfinished".

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = Store(Path(folder) / "runs.db")
    ...     with store.run({"rate": 0.1}, seed=0, data="no data") as run:
    ...         run.log(0, loss=2.5)
    ...         run.result = {"accuracy": 0.9}
    ...     [(row["status"], row["result"]) for row in store.runs()]
    [('finished', {'accuracy': 0.9})]
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        with self._connected() as base:
            base.executescript(TABLES)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """Give a connection; what was written is there whole if no error came, else not at all."""
        with closing(sqlite3.connect(self.path, timeout=30)) as base, base:
            base.row_factory = sqlite3.Row
            base.execute("PRAGMA foreign_keys = ON")
            yield base

    @contextmanager
    def run(self, config: dict[str, Any], *, seed: int, data: str) -> Iterator[Run]:
        """Write the record of a run, give the run, and write how it ended."""
        around = surroundings()
        name = identity(config, seed, data, around)
        values = (name, datetime.now(UTC).isoformat(), os.getpid(), _born(os.getpid()))
        texts = (as_text(config), seed, data, as_text(around))
        with self._connected() as base:
            number = base.execute(
                "INSERT INTO runs (status, identity, started, process, born, config, seed, data,"
                " surroundings) VALUES ('running', ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, *texts),
            ).lastrowid
        run = Run(self, int(number or 0), name)
        try:
            yield run
        except BaseException as error:
            self._end(run, f"failed: {type(error).__name__}: {error}")
            raise
        self._end(run, "finished")

    def _end(self, run: Run, status: str) -> None:
        with self._connected() as base:
            base.execute(
                "UPDATE runs SET status = ?, result = ? WHERE run = ?",
                (status, as_text(run.result), run.number),
            )

    def log(self, number: int, step: int, **values: float) -> None:
        """Write metrics of one step: all of them, or none. A value that is no number is NULL."""
        rows = [(number, step, k, v if math.isfinite(v) else None) for k, v in values.items()]
        with self._connected() as base:
            base.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?)", rows)

    def runs(self) -> list[dict[str, Any]]:
        """Return all runs, oldest first; one whose process is gone is "unfinished"."""
        with self._connected() as base:
            rows = [dict(row) for row in base.execute("SELECT * FROM runs ORDER BY run")]
        for row in rows:
            for key in ("config", "surroundings", "result"):
                row[key] = json.loads(row[key]) if row[key] else None
            if row["status"] == "running" and _born(row["process"]) != row["born"]:
                row["status"] = "unfinished"
        return rows

    def metric(self, number: int, name: str) -> list[tuple[int, float]]:
        """Return the steps and values of one metric of a run."""
        with self._connected() as base:
            found = base.execute(
                "SELECT step, value FROM metrics WHERE run = ? AND name = ? ORDER BY step",
                (number, name),
            )
            return [(row["step"], row["value"]) for row in found]

    def best(self, name: str, count: int = 3) -> list[dict[str, Any]]:
        """Return the finished runs with the highest value `name` in their result."""
        done = [row for row in self.runs() if row["status"] == "finished"]
        return sorted(done, key=lambda row: -row["result"][name])[:count]


class Run:
    """One run of a `Store`: log metrics, and put into `result` what came out."""

    def __init__(self, store: Store, number: int, name: str) -> None:
        self.store, self.number, self.identity = store, number, name
        self.result: dict[str, Any] = {}

    def log(self, step: int, **values: float) -> None:
        """Write metrics of one step."""
        self.store.log(self.number, step, **values)


def _born(process: int) -> float:
    """Return when a process was started; 0 if there is none. (Numbers of processes come again.)"""
    try:
        return float(psutil.Process(process).create_time())
    except psutil.Error:
        return 0.0
