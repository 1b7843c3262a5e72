"""The distillation loss: its gradient, its limits, and its two parts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from bmcourse import nn
from bmcourse.recipes.compression.distillation import DistillationLoss, targets

RNG = np.random.default_rng(0)
STUDENT, TEACHER = RNG.normal(size=(2, 6, 4)) * 3
LABELS = RNG.integers(0, 4, 6)
BOTH = targets(TEACHER, LABELS)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0, 20.0])
@pytest.mark.parametrize("hard", [0.0, 0.3, 1.0])
def test_value_and_central_differences(temperature: float, hard: float) -> None:
    loss = DistillationLoss(temperature, hard)
    q = softmax(TEACHER / temperature, axis=1)
    kl = (q * (np.log(q) - log_softmax(STUDENT / temperature, axis=1))).sum(axis=1)
    own = -log_softmax(STUDENT, axis=1)[np.arange(6), LABELS]
    expected = ((1 - hard) * temperature**2 * kl + hard * own).mean()
    assert loss.forward(STUDENT, BOTH) == pytest.approx(expected)
    gradient, step = loss.backward(), 1e-5
    for i, j in ((0, 0), (3, 2), (5, 3)):
        shift = np.zeros_like(STUDENT)
        shift[i, j] = step
        rise = loss.forward(STUDENT + shift, BOTH) - loss.forward(STUDENT - shift, BOTH)
        assert gradient[i, j] == pytest.approx(rise / (2 * step), abs=1e-7)


def test_with_labels_alone_it_is_the_usual_loss() -> None:
    loss, usual = DistillationLoss(7.0, 1.0), nn.SparseCategoricalCrossentropy()
    assert loss.forward(STUDENT, BOTH) == pytest.approx(usual.forward(STUDENT, LABELS))
    np.testing.assert_allclose(loss.backward(), usual.backward())
    assert loss.accuracy() == usual.accuracy()


def test_a_high_temperature_compares_centred_logits() -> None:
    loss = DistillationLoss(1e4, 0.0)
    loss.forward(STUDENT, BOTH)
    z, v = (a - a.mean(axis=1, keepdims=True) for a in (STUDENT, TEACHER))
    np.testing.assert_allclose(loss.backward(), (z - v) / 4 / 6, atol=1e-4)


@pytest.mark.parametrize(
    ("how", "told"), [({"temperature": 0}, "temperature"), ({"hard": 1.5}, "hard")]
)
def test_refuses(how: dict[str, float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        DistillationLoss(**how)
