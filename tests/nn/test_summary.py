from __future__ import annotations

import pytest

from bmcourse.nn import BatchNormalization, Conv2D, Dense, Flatten, Sequential, count_flops


def test_counts_by_hand():
    layers = [Conv2D(1, 2, 3, padding="same"), BatchNormalization(2), Flatten(), Dense(32, 3)]
    # convolution: 16 places x 2 filters x (9 products, 9 sums), normalization: 32 x 4
    assert count_flops(layers, (4, 4, 1)) == 16 * 2 * 19 + 32 * 4 + (2 * 32 + 1) * 3
    text = Sequential(layers).summary((4, 4, 1))
    assert [line.split()[0] for line in text.splitlines()[2:6]] == [
        "Conv2D",
        "BatchNormalization",
        "Flatten",
        "Dense",
    ]
    assert text.splitlines()[-1].split() == ["total", "123", "931"]


def test_refuses_images_that_are_too_small():
    with pytest.raises(ValueError, match="x must be images of at least 5 by 5 pixels, got 4 by 4"):
        Sequential([Conv2D(1, 2, 5)]).summary((4, 4, 1))
