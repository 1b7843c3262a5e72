"""The small network that learns to copy: its loss, its gradient, its data."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse import nn
from bmcourse.recipes.explain import copying, heads


def test_surprises_are_those_of_the_next_id() -> None:
    logits = np.log(np.array([[[0.5, 0.25, 0.25], [0.1, 0.2, 0.7], [1.0, 1.0, 1.0]]])) + 7
    found = copying.surprises(logits, [[0, 1, 2]])
    np.testing.assert_allclose(found, [[-np.log(0.25), -np.log(0.7)]])


def test_losses_in_batches() -> None:
    model, ids = copying.copier(0, blocks=1), np.random.default_rng(0).integers(32, size=(5, 6))
    expected = copying.surprises(model.forward(ids), ids)
    np.testing.assert_allclose(copying.losses(model, ids, batch=2), expected, rtol=1e-5)


class Watched(nn.Sequential):
    """Keeps what it was shown and what came back."""

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self.shown = np.asarray(x)
        self.answer = super().forward(x, training)
        return self.answer

    def backward(self, grad_output: np.ndarray) -> np.ndarray:
        self.slope = np.asarray(grad_output)
        return super().backward(grad_output)


def test_the_gradient_is_that_of_the_loss_of_the_second_showing() -> None:
    model = Watched(copying.copier(0, blocks=1).layers)
    copying.learn(model, 1, seed=3, batch=4)
    ids, logits, slope = model.shown, model.answer.astype(float), model.slope
    steps = ids.shape[1] // 2
    np.testing.assert_array_equal(ids[:, :steps], ids[:, steps:])
    assert copying.LENGTHS[0] <= steps < copying.LENGTHS[1]

    def loss(z: np.ndarray) -> float:
        return float(copying.surprises(z, ids)[:, steps:].mean())

    rng = np.random.default_rng(0)
    assert np.linalg.norm(slope) > 0.01
    for _ in range(3):
        way = rng.normal(size=logits.shape)
        change = (loss(logits + 1e-5 * way) - loss(logits - 1e-5 * way)) / 2e-5
        near = pytest.approx(change, abs=1e-3 * float(np.linalg.norm(slope)))
        assert (way * slope).sum() == near


def test_learning_lowers_the_loss_of_the_second_showing() -> None:
    model = copying.copier(0)
    assert len(heads.attentions(model)) == 2
    ids = heads.repeated(np.random.default_rng(1).integers(copying.VOCABULARY, size=(64, 8)))
    before = copying.losses(model, ids)[:, 8:].mean()
    copying.learn(model, 60, seed=0)
    assert copying.losses(model, ids)[:, 8:].mean() < before - 0.5
