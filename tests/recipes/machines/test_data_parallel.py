from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bmcourse import nn
from bmcourse.recipes.machines.data_parallel import Job, Training, seconds_of_steps, train
from bmcourse.recipes.machines.workers import Worker, WorkerDied


@pytest.fixture
def job() -> Job:
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 256, size=(60, 12)).astype(np.uint8), rng.integers(0, 10, size=60)
    return Job(x, y, hidden=5, batch=10, steps=7, every=3, seed=1)


def alone(job: Job, training: Training | None = None) -> tuple[list[float], Training]:
    training, losses = training or Training(job), []
    while training.step < job.steps:
        gradient = training.gradient(job.rows(training.step))
        losses.append(gradient[0])
        training.update(gradient[1:])
    return losses, training


def test_rows_of_a_step_depend_on_seed_and_step_alone(job: Job) -> None:
    rows = job.rows(2)
    assert len(set(rows)) == job.batch
    np.testing.assert_array_equal(rows, job.rows(2))
    assert list(rows) != list(job.rows(3))
    assert list(rows) != list(replace(job, seed=2).rows(2))


def test_gradient_and_update_are_those_of_the_library(job: Job) -> None:
    training, rng = Training(job), np.random.default_rng(job.seed)
    hidden = nn.Dense(12, 5, rng=rng, dtype=np.float64)
    last = nn.Dense(5, 10, rng=rng, dtype=np.float64)
    network = nn.Sequential([hidden, nn.ReLU(), last])
    optimizer = nn.SGD(job.rate, momentum=job.momentum)
    loss = nn.SparseCategoricalCrossentropy()
    for step in range(3):
        rows = job.rows(step)
        value = loss.forward(network.forward(job.x[rows] / 255.0, training=True), job.y[rows])
        network.backward(loss.backward())
        ours = training.gradient(rows)
        flat = np.concatenate([g.ravel() for g in network.grads.values()])
        np.testing.assert_allclose(ours, np.append(value, flat), atol=1e-13)
        optimizer.step(zip(network.params.values(), network.grads.values(), strict=True))
        training.update(ours[1:])
        weights = np.concatenate([w.ravel() for w in network.params.values()])
        np.testing.assert_allclose(training.weights, weights, atol=1e-13)
    assert training.step == 3


def test_a_stored_training_goes_on_as_if_nothing_had_happened(job: Job, tmp_path: Path) -> None:
    losses, whole = alone(job)
    _, half = alone(replace(job, steps=4))
    half.save(tmp_path / "state.npz")
    again = Training(job)
    again.load(tmp_path / "state.npz")
    assert again.step == 4
    rest, again = alone(job, again)
    np.testing.assert_array_equal(rest, losses[4:])
    np.testing.assert_array_equal(again.weights, whole.weights)


def test_workers_train_as_one_process_does_and_a_killed_run_resumes(
    job: Job, tmp_path: Path
) -> None:
    losses, whole = alone(job)
    record = train(job, 3)  # shards of 4, 3 and 3
    np.testing.assert_allclose(list(record.losses.values()), losses, atol=1e-12)
    for weights in record.weights:
        np.testing.assert_allclose(weights, whole.weights, atol=1e-12)
        np.testing.assert_array_equal(weights, record.weights[0])
    stored = replace(job, checkpoint=tmp_path / "state.npz")

    def kill(step: int, crew: Sequence[Worker]) -> None:
        if step == 3:
            crew[1].kill()

    with pytest.raises(WorkerDied):
        train(stored, 2, kill)
    resumed = train(stored, 2)
    assert list(resumed.losses) == [4, 5, 6, 7]
    np.testing.assert_allclose(resumed.weights[1], whole.weights, atol=1e-12)


def test_seconds_of_each_worker_step_and_part(job: Job) -> None:
    seconds = seconds_of_steps(job, 2)
    assert seconds.shape == (2, 4, 3)
    assert (seconds > 0).all()
