"""Transfer learning in small: shapes, shared weights, training, and the packed answers."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse import weights
from bmcourse.recipes.vision import transfer


def test_shrunk_averages_blocks_and_scales() -> None:
    images = np.zeros((2, 32, 32, 3), np.uint8)
    images[0, :2, :2, 1] = [[0, 255], [255, 0]]
    small = transfer.shrunk(images)
    assert small.shape == (2, 16, 16, 3)
    assert small.dtype == np.float32
    assert small[0, 0, 0] == pytest.approx([-1, 0, -1])
    assert small[1] == pytest.approx(-1)


def test_body_has_the_features_that_the_head_expects() -> None:
    rng = np.random.default_rng(0)
    trunk = transfer.body(rng)
    images = rng.uniform(-1, 1, (3, 16, 16, 3)).astype(np.float32)
    assert trunk.predict(images).shape == (3, transfer.FEATURES)
    model = transfer.with_head(trunk, rng)
    assert model.predict(images).shape == (3, transfer.KINDS)


def test_training_changes_the_shared_body() -> None:
    rng = np.random.default_rng(0)
    trunk = transfer.body(rng)
    before = {name: values.copy() for name, values in trunk.params.items()}
    model = transfer.with_head(trunk, rng)
    images = rng.uniform(-1, 1, (10, 16, 16, 3)).astype(np.float32)
    labels = np.arange(10) % transfer.KINDS
    transfer.fit(model, images, labels, rate=0.003, steps=100, rng=rng)
    assert all(not np.array_equal(before[name], trunk.params[name]) for name in before)
    assert np.mean(model.predict(images).argmax(axis=1) == labels) == 1


def test_packed_answers_come_back() -> None:
    right = np.random.default_rng(0).random(5001) < 0.3
    assert np.array_equal(transfer.unpacked(transfer.packed(right), 5001), right)


def test_the_stored_weights_fit_the_body() -> None:
    stored = weights.load("cifar10_transfer")
    shapes = {
        name: values.shape
        for name, values in transfer.body(np.random.default_rng(0)).params.items()
    }
    assert {name: values.shape for name, values in stored.items()} == shapes
