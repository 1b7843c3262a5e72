"""Random changes of images: SciPy's interpolation is the oracle for the geometry."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from bmcourse.recipes.vision.affine import Changes, change

RNG = np.random.default_rng(0)
IMAGES = RNG.random((6, 9, 12, 3)).astype(np.float32)


def test_no_change_returns_the_same_pixels() -> None:
    np.testing.assert_array_equal(change(IMAGES, Changes(), np.random.default_rng(0)), IMAGES)


def test_flip_mirrors_some_and_leaves_the_others() -> None:
    flipped = change(IMAGES, Changes(flip=True), np.random.default_rng(0))
    mirrored = [
        np.allclose(new, old[:, ::-1], atol=1e-6) for new, old in zip(flipped, IMAGES, strict=True)
    ]
    same = [np.allclose(new, old, atol=1e-6) for new, old in zip(flipped, IMAGES, strict=True)]
    assert all(a != b for a, b in zip(mirrored, same, strict=True))
    assert 0 < sum(mirrored) < len(IMAGES)


@pytest.mark.parametrize(
    "changes",
    [Changes(degrees=40), Changes(scale=0.3), Changes(pixels=3), Changes(30, 0.2, 2)],
)
def test_geometry_is_scipys(changes: Changes) -> None:
    changed = change(IMAGES, changes, np.random.default_rng(3))
    draw = np.random.default_rng(3)
    n = len(IMAGES)
    angles = np.deg2rad(draw.uniform(-changes.degrees, changes.degrees, n))
    sizes = draw.uniform(1 - changes.scale, 1 + changes.scale, n)
    shifts = draw.uniform(-changes.pixels, changes.pixels, (2, n)).T
    centre = (np.array(IMAGES.shape[1:3]) - 1) / 2
    for image, new, angle, size, shift in zip(IMAGES, changed, angles, sizes, shifts, strict=True):
        c, s = np.cos(angle) / size, np.sin(angle) / size
        turn = np.array([[c, -s], [s, c]])
        offset = centre - turn @ (centre + shift)
        for channel in range(3):
            expected = ndimage.affine_transform(
                image[..., channel], turn, offset=offset, order=1, mode="nearest"
            )
            np.testing.assert_allclose(new[..., channel], expected, atol=1e-5)


def test_each_image_gets_its_own_change() -> None:
    copies = np.repeat(IMAGES[:1], 4, axis=0)
    changed = change(copies, Changes(degrees=20), np.random.default_rng(0))
    assert len(np.unique(changed.reshape(4, -1), axis=0)) == 4


def test_the_originals_stay() -> None:
    before = IMAGES.copy()
    change(IMAGES, Changes(20, 0.2, 2, True), np.random.default_rng(0))
    np.testing.assert_array_equal(IMAGES, before)


def test_images_need_four_axes() -> None:
    with pytest.raises(ValueError, match="images must be an array with 4 axes, got 3 axes"):
        change(IMAGES[0], Changes(), np.random.default_rng(0))
