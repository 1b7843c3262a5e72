from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from bmcourse.recipes.vision.whitening import whitening_kernel


def test_outputs_are_uncorrelated_and_of_size_one() -> None:
    rng = np.random.default_rng(0)
    images = gaussian_filter(rng.normal(size=(60, 20, 20, 3)), (0, 1, 1, 0.5)).astype(np.float32)
    kernel = whitening_kernel(images, epsilon=0.0)
    assert kernel.shape == (2, 2, 3, 24)
    np.testing.assert_array_equal(kernel[..., 12:], -kernel[..., :12])
    # A slow loop over places is the oracle for the windows and their order.
    outputs = [
        np.tensordot(images[:, r : r + 2, c : c + 2], kernel[..., :12], axes=3)
        for r in range(19)
        for c in range(19)
    ]
    second_moment = np.einsum("pni,pnj->ij", outputs, outputs) / (len(outputs) * len(images))
    np.testing.assert_allclose(second_moment, np.eye(12), atol=1e-3)


def test_strongest_direction_comes_first_and_noise_is_not_blown_up() -> None:
    flat = np.broadcast_to(np.linspace(-1, 1, 9)[:, None, None, None], (9, 5, 5, 1))
    kernel = whitening_kernel(flat.astype(np.float32), epsilon=0.01)
    first = kernel[..., 0, 0]
    assert np.allclose(first, first[0, 0])  # the mean of the patch
    assert np.abs(kernel).max() <= 1 / np.sqrt(0.01) + 1e-6
