"""The accountant against dp-accounting 0.6.0, whose answers are stored, and against integrals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from bmcourse.chapters.privacy.stored import BY_LIBRARY
from bmcourse.recipes.privacy import accountant


@pytest.mark.parametrize("row", BY_LIBRARY)
def test_epsilon_is_the_librarys(row: tuple[float, ...]) -> None:
    share, noise, steps, delta, renyi, tight = row
    fine = accountant.fine_epsilon(share, noise, int(steps), delta)
    assert fine == pytest.approx(renyi, rel=0.001)
    assert accountant.epsilon(share, noise, int(steps), delta) >= fine > tight


@pytest.mark.parametrize(
    ("share", "noise", "order"), [(0.01, 1.0, 2), (0.2, 2.0, 7), (0.5, 0.8, 3)]
)
def test_one_step_is_an_integral(share: float, noise: float, order: int) -> None:
    def at(z: float) -> float:
        ratio = 1 - share + share * math.exp((2 * z - 1) / (2 * noise**2))
        return ratio**order * math.exp(-(z**2) / (2 * noise**2)) / (noise * math.sqrt(2 * math.pi))

    expected = math.log(quad(at, -30 * noise, 30 * noise + order, limit=400)[0]) / (order - 1)
    assert accountant.renyi_of_one_step(share, noise, order) == pytest.approx(expected, rel=1e-6)
    assert accountant.renyi_by_integral(share, noise, order) == pytest.approx(expected, rel=1e-6)


def test_all_in_each_batch_is_the_plain_gaussian() -> None:
    assert accountant.renyi_of_one_step(1, 2.0, 6) == pytest.approx(6 / 8)
    assert accountant.renyi_by_integral(1, 2.0, 6) == pytest.approx(6 / 8)
    near = accountant.renyi_of_one_step(1 - 1e-12, 2.0, 6)
    assert near == pytest.approx(6 / 8, rel=1e-6)


def test_more_steps_cost_and_more_noise_helps() -> None:
    found = [accountant.epsilon(0.01, 1.0, t, 1e-5) for t in (10, 100, 1000)]
    assert found == sorted(found)
    assert accountant.epsilon(0.01, 2.0, 100, 1e-5) < found[1]


@pytest.mark.parametrize("target", [0.5, 3.0, 8.0])
def test_noise_for_a_target(target: float) -> None:
    noise = accountant.noise_for(target, 0.02, 300, 1e-5)
    assert accountant.epsilon(0.02, noise, 300, 1e-5) <= target
    assert accountant.epsilon(0.02, noise * 0.999, 300, 1e-5) > target


def test_least_epsilon_inverts_the_definition() -> None:
    for eps, delta, false in ((1.0, 0.0, 0.01), (2.0, 0.01, 0.05)):
        true = math.exp(eps) * false + delta
        assert accountant.least_epsilon(true, false, delta) == pytest.approx(eps)
        mirrored = accountant.least_epsilon(1 - false, 1 - true, delta)
        assert mirrored == pytest.approx(eps)
    assert accountant.least_epsilon(0.5, 0.5, 0.0) == 0
    assert accountant.least_epsilon(0.2, 0.5, 0.0) == 0
    assert np.isinf(accountant.least_epsilon(0.5, 0.0, 0.0))
