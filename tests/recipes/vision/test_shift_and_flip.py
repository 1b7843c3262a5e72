from __future__ import annotations

import numpy as np
import pytest

from bmcourse.recipes.vision.shift_and_flip import ShiftAndFlip

IMAGES = np.arange(6 * 5 * 4 * 2, dtype=np.float32).reshape(6, 5, 4, 2)
TARGETS = np.arange(6)


def make(**changed: object) -> ShiftAndFlip:
    settings = {"batch_size": 2, "pixels": 1, "rng": np.random.default_rng(0), **changed}
    return ShiftAndFlip(IMAGES, TARGETS, **settings)  # type: ignore[arg-type]


def epoch(data: ShiftAndFlip) -> tuple[np.ndarray, np.ndarray]:
    batches = [data[i] for i in range(len(data))]
    order = np.argsort(np.concatenate([y for _, y in batches]))
    return np.concatenate([x for x, _ in batches])[order], order


def variants(image: np.ndarray, pixels: int) -> list[np.ndarray]:
    """All that may come out for an image, by a slow loop over NumPy's own pad and flip."""
    padded = np.pad(image, [(pixels, pixels), (pixels, pixels), (0, 0)], mode="reflect")
    height, width = image.shape[:2]
    cut = [
        padded[r : r + height, c : c + width]
        for r in range(2 * pixels + 1)
        for c in range(2 * pixels + 1)
    ]
    return cut + [c[:, ::-1] for c in cut]


def test_every_image_is_a_shift_of_itself() -> None:
    data = make()
    for _ in range(3):
        shown, _ = epoch(data)
        for image, got in zip(IMAGES, shown, strict=True):
            assert any(np.array_equal(got, v) for v in variants(image, 1))
        data.on_epoch_end()


def test_mirrored_in_every_other_epoch() -> None:
    data = make(pixels=0)
    first, order = epoch(data)
    mirrored = [np.array_equal(a, b[:, ::-1]) for a, b in zip(first, IMAGES, strict=True)]
    assert 0 < sum(mirrored) < 6
    data.on_epoch_end()
    second, other = epoch(data)
    np.testing.assert_array_equal(second, first[:, :, ::-1])
    assert not np.array_equal(order, other)


def test_what_fills_no_batch_is_left_out() -> None:
    assert len(make(batch_size=4)) == 1


def test_the_images_given_are_not_changed() -> None:
    before = IMAGES.copy()
    epoch(make())
    np.testing.assert_array_equal(IMAGES, before)


@pytest.mark.parametrize("wrong", [{"batch_size": 0}, {"pixels": -1}])
def test_refuses(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        make(**wrong)
