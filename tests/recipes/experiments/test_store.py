from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bmcourse.recipes.experiments.store import Store

KILLED = """
import sys, time
from bmcourse.recipes.experiments.store import Store
with Store(sys.argv[1]).run({"rate": 0.1}, seed=4, data="d") as run:
    for step in range(3):
        run.log(step, loss=1.0 / (step + 1), accuracy=step / 10)
    print("three", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs.db")


def die(store: Store, error: Exception, result: dict[str, float]) -> None:
    with store.run({}, seed=0, data="") as run:
        run.log(0, loss=float("nan"))
        run.result = result
        raise error


def test_a_finished_run_comes_back(store: Store) -> None:
    with store.run({"rate": 0.1}, seed=3, data="d") as run:
        assert store.runs()[0]["status"] == "running"
        run.log(0, loss=2.0)
        run.log(1, loss=1.0, accuracy=0.5)
        run.result = {"accuracy": 0.75}
    (row,) = store.runs()
    assert (row["status"], row["config"], row["seed"]) == ("finished", {"rate": 0.1}, 3)
    assert (row["data"], row["result"], row["identity"]) == ("d", {"accuracy": 0.75}, run.identity)
    assert store.metric(run.number, "loss") == [(0, 2.0), (1, 1.0)]
    assert store.metric(run.number, "accuracy") == [(1, 0.5)]


def test_a_failed_run_says_why(store: Store) -> None:
    with pytest.raises(KeyError):
        die(store, KeyError("units"), {})
    assert store.runs()[0]["status"] == "failed: KeyError: 'units'"
    assert store.metric(1, "loss") == [(0, None)]


def test_a_killed_run_is_unfinished_and_keeps_its_metrics(store: Store) -> None:
    call = [sys.executable, "-c", KILLED, str(store.path)]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "three\n"
        assert store.runs()[0]["status"] == "running"
        process.kill()
    (row,) = store.runs()
    assert (row["status"], row["result"], row["seed"]) == ("unfinished", None, 4)
    assert [step for step, _ in store.metric(row["run"], "loss")] == [0, 1, 2]


def test_a_process_with_the_number_of_a_dead_one_is_another(store: Store) -> None:
    with store.run({}, seed=0, data="") as run:
        with sqlite3.connect(store.path) as base:
            base.execute("UPDATE runs SET born = born - 60")
        base.close()
        assert store.runs()[0]["process"] == os.getpid()
        assert store.runs()[0]["status"] == "unfinished"
    assert store.runs()[0]["status"] == "finished"
    assert run.number == 1


def test_metrics_of_one_step_come_together_or_not_at_all(store: Store) -> None:
    with store.run({}, seed=0, data="") as run:
        run.log(0, loss=1.0)
        with pytest.raises(sqlite3.IntegrityError):
            run.log(0, accuracy=0.5, loss=2.0)  # this step has a loss
    assert store.metric(run.number, "accuracy") == []
    assert store.metric(run.number, "loss") == [(0, 1.0)]
    with pytest.raises(sqlite3.IntegrityError):
        store.log(99, 0, loss=1.0)  # no such run


def test_equal_records_have_one_identity_and_two_numbers(store: Store) -> None:
    for seed in (0, 0, 1):
        with store.run({"a": 1}, seed=seed, data="") as run:
            run.result = {"accuracy": seed}
    names = [row["identity"] for row in store.runs()]
    assert names[0] == names[1] != names[2]
    assert [row["run"] for row in store.runs()] == [1, 2, 3]
    assert [row["seed"] for row in store.best("accuracy", 1)] == [1]


def test_only_finished_runs_can_be_the_best(store: Store) -> None:
    with pytest.raises(ValueError, match="late"):
        die(store, ValueError("late"), {"accuracy": 1.0})
    assert store.best("accuracy") == []
