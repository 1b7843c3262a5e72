"""The network in whole numbers, against sums by Python's own integers and against LiteRT."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from bmcourse import nn
from bmcourse.recipes.compression.integer import integer_network

RNG = np.random.default_rng(0)


def small() -> nn.Sequential:
    model = nn.Sequential(
        [
            nn.Conv2D(2, 3, 3, rng=1),
            nn.ReLU(),
            nn.MaxPool2D(2),
            nn.Flatten(),
            nn.Dense(12, 4, rng=2),
        ]
    )
    for name, values in model.params.items():
        if name.endswith("bias"):
            values[...] = RNG.normal(size=values.shape) / 5
    return model


X = RNG.uniform(-0.2, 1, size=(40, 6, 6, 2)).astype(np.float32)


def test_sums_are_those_of_pythons_whole_numbers() -> None:
    net = integer_network(small(), X)
    conv = net.products[0]
    q = net.before.quantise(X[:1])
    sums = conv.sums(q)
    for row, column, unit in ((0, 0, 0), (1, 3, 2), (3, 2, 1)):
        window = q[0, row : row + 3, column : column + 3].ravel().tolist()
        weights = conv.kernel[:, unit].tolist()
        zero = int(conv.before.zero)
        expected = sum((a - zero) * b for a, b in zip(window, weights, strict=True))
        expected += int(conv.bias[unit])
        assert sums[0, row, column, unit] == expected
        exact = Fraction(float(conv.factor[unit])) * expected + int(conv.after.zero)
        wanted = min(max(round(exact), -128), 127)
        assert conv.forward(q)[0, row, column, unit] == wanted


def test_the_network_stays_near_the_one_in_float32() -> None:
    model = small()
    net = integer_network(model, X)
    found, wanted = net.predict(X, 7), model.predict(X)
    assert np.abs(found - wanted).max() < 8 * float(net.after.scale)
    assert net.nbytes == sum(w.size for w in model.params.values()) + (3 + 4) * (3 + 4)


def test_relu_is_the_cut_at_the_zero_point() -> None:
    net = integer_network(small(), X)
    assert int(net.products[0].after.zero) == -128
    assert net.products[0].forward(net.before.quantise(X)).min() == -128


def test_sums_near_the_end_of_float32_are_exact() -> None:
    model = nn.Sequential([nn.Dense(2001, 1, rng=0)])
    model.params["0_Dense.kernel"][...] = 1.0
    net = integer_network(model, np.ones((1, 2001)))
    q = np.full((1, 2001), 127)
    q[0, 0] = 126
    assert net.products[0].sums(q)[0, 0] == (2000 * 255 + 254) * 127 > 2**24


def test_refuses_other_layers() -> None:
    model = nn.Sequential([nn.Dense(2, 2), nn.Softmax() if hasattr(nn, "Softmax") else nn.Tanh()])
    with pytest.raises(ValueError, match="a network of Dense"):
        integer_network(model, np.ones((3, 2)))
