"""Integrated gradients and occlusion against integrals and sums by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from bmcourse.recipes.explain import gradients


def test_against_the_integral() -> None:
    x, start = np.array([[0.8, -1.2]]), np.array([[0.1, 0.3]])

    def slope(z: np.ndarray) -> np.ndarray:  # of sin(a) exp(b)
        a, b = z[:, :1], z[:, 1:]
        return np.concatenate([np.cos(a) * np.exp(b), np.sin(a) * np.exp(b)], axis=1)

    expected = [
        (x - start)[0, i] * quad(lambda t, i=i: slope(start + t * (x - start))[0, i], 0, 1)[0]
        for i in range(2)
    ]
    found = gradients.integrated_gradients(slope, x, start, 400)
    np.testing.assert_allclose(found[0], expected, atol=1e-5)
    ends = [np.sin(z[:, 0]) * np.exp(z[:, 1]) for z in (x, start)]
    assert abs(gradients.completeness_error(found, *ends)[0]) < 1e-5
    left = gradients.integrated_gradients(slope, x, start, 400, rule="left")
    assert abs(gradients.completeness_error(left, *ends)[0]) > 1e-4


def test_the_left_rule_begins_at_the_baseline() -> None:
    found = gradients.integrated_gradients(lambda z: 2 * z, [[3.0]], 0.0, 2, rule="left")
    np.testing.assert_allclose(found, [[3 * (0 + 3) / 2]])


def test_completeness_adds_up_all_axes() -> None:
    found = gradients.completeness_error(np.ones((2, 2, 3)), [7, 9], [1, 1])
    np.testing.assert_array_equal(found, [0, -2])


def test_occlusion_of_a_sum_is_the_mean_over_windows() -> None:
    x = np.arange(9.0).reshape(1, 3, 3, 1)
    found = gradients.occlusion(lambda z: z.sum(axis=(1, 2, 3)), x, size=2)
    np.testing.assert_allclose(found[0, 0], [8, 10, 12])  # 0+1+3+4; mean of 8 and 12; 1+2+4+5
    np.testing.assert_allclose(found[0, 1, 1], (8 + 12 + 20 + 24) / 4)


def test_occlusion_in_steps() -> None:
    x = np.arange(16.0).reshape(1, 4, 4, 1)
    found = gradients.occlusion(lambda z: z.sum(axis=(1, 2, 3)), x, size=2, step=2)
    np.testing.assert_array_equal(found[0, ::2, ::2], [[10, 18], [42, 50]])  # 0+1+4+5 ...
    np.testing.assert_array_equal(found[0, 1::2, 1::2], found[0, ::2, ::2])
    painted = gradients.occlusion(lambda z: z.sum(axis=(1, 2, 3)), x, size=2, step=2, paint=1.0)
    np.testing.assert_array_equal(painted, found - 4)


@pytest.mark.parametrize("step", [2, 3])
def test_occlusion_must_cover_the_image(step: int) -> None:
    with pytest.raises(ValueError, match="step"):
        gradients.occlusion(lambda z: z.sum(axis=(1, 2, 3)), np.ones((1, 5, 5, 1)), 2, step)


def test_refusals() -> None:
    with pytest.raises(ValueError, match="rule"):
        gradients.integrated_gradients(lambda z: z, [[1.0]], 0.0, 2, rule="right")
    with pytest.raises(ValueError, match="size"):
        gradients.occlusion(lambda z: z.sum(axis=(1, 2, 3)), np.ones((1, 2, 2, 1)), size=3)
