"""Images out of gradients."""

from __future__ import annotations

import numpy as np

from bmcourse.recipes.privacy import inversion
from bmcourse.recipes.privacy.network import digits_network, gradient, pieces


def test_one_image_comes_back() -> None:
    rng = np.random.default_rng(0)
    model = digits_network(rng, 16, 30, np.float64)
    x = rng.uniform(size=(1, 30))
    kernel, bias = gradient(pieces(model, x, np.array([3])))[:2]
    guesses = inversion.candidates(kernel, bias)
    assert 0 < len(guesses) <= 16
    np.testing.assert_allclose(guesses, np.repeat(x, len(guesses), axis=0))
    assert inversion.found(x, guesses).tolist() == [True]
    assert inversion.found(x + 0.01, guesses).tolist() == [False]


def test_a_trap_keeps_images_of_different_brightness_apart() -> None:
    rng = np.random.default_rng(0)
    brightness = np.linspace(0.05, 0.95, 10)
    x = brightness[:, np.newaxis] + rng.uniform(-0.04, 0.04, (10, 30))
    model = digits_network(rng, 50, 30, np.float64)
    inversion.set_trap(model, np.linspace(0, 1, 200))
    parts = pieces(model, x, rng.integers(0, 10, 10))
    pushes = parts[0][1]
    on = pushes != 0
    np.testing.assert_allclose(pushes[on], (pushes.max(1) + pushes.min(1)).repeat(on.sum(1)))
    guesses = inversion.spring_trap(*gradient(parts)[:2])
    assert inversion.found(x, guesses).all()
    plain = digits_network(rng, 50, 30, np.float64)
    usual = inversion.candidates(*gradient(pieces(plain, x, rng.integers(0, 10, 10)))[:2])
    assert inversion.found(x, usual).sum() < 5
