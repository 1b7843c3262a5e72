"""The network with remedies: gradients of the penalty, snapshots, early stopping's epoch."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse import nn
from bmcourse.recipes.vision import remedies
from bmcourse.recipes.vision.remedies import REMEDIES, Remedy


def data(n: int = 60) -> tuple[remedies.Images, remedies.Labels]:
    rng = np.random.default_rng(1)
    return rng.random((n, 14, 14, 1)).astype(np.float32), rng.integers(0, 10, n)


@pytest.mark.parametrize("name", REMEDIES)
def test_every_remedy_trains(name: str) -> None:
    rng = np.random.default_rng(0)
    model = remedies.small_network(REMEDIES[name], rng)
    curves = remedies.train(model, REMEDIES[name], data(), data(20), epochs=3, rng=rng)
    assert len(curves.val_loss) == len(curves.val_error) == len(curves.train_loss) == 3
    assert curves.best == int(np.argmin(curves.val_loss))
    assert all(np.isfinite(curves.val_loss))


def test_l2_is_the_slope_of_the_penalty() -> None:
    model = remedies.small_network(Remedy(), np.random.default_rng(0))
    for parameter in model.params.values():  # biases start at 0, where a penalty has no slope
        parameter += np.random.default_rng(1).normal(0, 0.1, parameter.shape)
    images, labels = data(5)
    loss = nn.SparseCategoricalCrossentropy()
    loss.forward(model.forward(images, True), labels)
    model.backward(loss.backward())
    before = [g.copy() for _, g in model.params_and_grads()]
    remedies.add_l2(model, 0.1)
    for (w, g), old in zip(model.params_and_grads(), before, strict=True):
        added = 0.2 * w if w.ndim > 1 else np.zeros_like(w)
        np.testing.assert_allclose(g - old, added, atol=1e-6)


def test_restored_weights_give_the_best_epochs_loss() -> None:
    rng = np.random.default_rng(0)
    remedy = REMEDIES["batch norm"]  # it has moving averages, too
    model = remedies.small_network(remedy, rng)
    validation = data(20)
    curves = remedies.train(model, remedy, data(), validation, epochs=40, rng=rng)
    remedies.restore(model, curves.best_values)
    scores = model.evaluate(*validation, loss=nn.SparseCategoricalCrossentropy())
    assert 0 < curves.best == int(np.argmin(curves.val_loss)) < 39
    assert scores["loss"] == pytest.approx(min(curves.val_loss), rel=1e-5)


def test_together_each_remedy_is_as_strong_as_alone() -> None:
    together = REMEDIES["all but flip"]
    assert together.l2 == REMEDIES["L2"].l2
    assert together.dropout == REMEDIES["dropout"].dropout
    assert together.batch_norm
    assert together.changes == REMEDIES["rotate, scale, crop"].changes
