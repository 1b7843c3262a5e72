from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmcourse.nn import (
    Adam,
    Conv2D,
    ConvPool2D,
    Dense,
    Flatten,
    MaxPool2D,
    ReLU,
    Sequential,
    SparseCategoricalCrossentropy,
    fuse,
    gradcheck,
)

from .oracle import assert_close
from .test_sequential import article_network


def compare(x, kernel_size, filters, pool_size, rng):
    """Run the plain layers and the fused one forward and backward from one start."""
    convolution = Conv2D(x.shape[-1], filters, kernel_size, rng=rng, dtype=x.dtype)
    convolution.params["bias"][...] = rng.standard_normal(filters) / 4
    plain = Sequential([convolution, ReLU(), MaxPool2D(pool_size)])
    fused = ConvPool2D(convolution, MaxPool2D(pool_size))
    output = fused.forward(x)
    assert_close(output, plain.forward(x))
    assert fused.output_shape(x.shape[1:]) == output.shape[1:]
    upstream = rng.standard_normal(output.shape)
    assert_close(fused.backward(upstream), plain.backward(upstream))
    for name, gradient in fused.grads.items():
        assert_close(gradient, convolution.grads[name])


@given(
    size=st.tuples(st.integers(6, 11), st.integers(6, 11)),
    channels=st.integers(1, 3),
    filters=st.integers(1, 4),
    window=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    pool=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    batch=st.integers(1, 3),
    seed=st.integers(0, 99),
)
@settings(max_examples=40, deadline=None)
def test_equals_the_plain_layers_on_random_shapes(
    size, channels, filters, window, pool, batch, seed
):
    rng = np.random.default_rng(seed)
    compare(rng.standard_normal((batch, *size, channels)), window, filters, pool, rng)


@pytest.mark.parametrize("pool", [2, 3])
def test_equals_the_plain_layers_where_numbers_tie(pool, rng):
    compare(np.zeros((2, 9, 8, 1)), 3, 4, pool, rng)  # every pool is a tie
    compare(rng.integers(0, 2, (3, 9, 9, 1)).astype("float64"), 1, 3, pool, rng)


def test_arrays_used_again_leave_no_trace(rng):
    layer = ConvPool2D(Conv2D(1, 3, 3, rng=rng, dtype=np.float64), MaxPool2D(2))
    fresh = ConvPool2D(layer.convolution, layer.pool)
    for batch in (4, 4, 2, 4):
        x = rng.standard_normal((batch, 8, 8, 1))
        first = layer.forward(x)
        copy = first.copy()
        gradient = layer.backward(first).copy()
        layer.forward(x + 1)
        np.testing.assert_array_equal(first, copy)
        np.testing.assert_array_equal(fresh.forward(x), first)
        np.testing.assert_array_equal(fresh.backward(first), gradient)


@pytest.mark.parametrize("threads", [1, 2])
def test_training_the_articles_network_equals_the_plain_one(threads):
    rng = np.random.default_rng(0)
    x, y = rng.random((80, 28, 28, 1)), rng.integers(0, 10, 80)
    x[:, :8] = 0
    plain, other = (article_network(np.random.default_rng(1), "float64", 4) for _ in range(2))
    fused = fuse(other)
    histories = [
        model.fit(
            x,
            y,
            loss=SparseCategoricalCrossentropy(),
            optimizer=Adam(),
            batch_size=33,
            epochs=2,
            rng=np.random.default_rng(2),
            threads=count,
        )
        for model, count in [(plain, 1), (fused, threads)]
    ]
    np.testing.assert_allclose(histories[1].batch_loss, histories[0].batch_loss, rtol=1e-9)
    for name, values in plain.params.items():
        assert_close(other.params[name], values)  # trained through the fused one


def test_gradients(rng):
    layer = ConvPool2D(Conv2D(2, 3, 3, rng=rng), MaxPool2D(2))
    report = gradcheck(layer, rng.standard_normal((2, 8, 9, 2)), rng=rng)
    assert report.passed, str(report)


def test_fuses_only_what_it_can_stand_for():
    layers = [
        Conv2D(1, 2, 3),
        ReLU(),
        MaxPool2D(2),
        Conv2D(2, 2, 3, padding="same"),
        ReLU(),
        Conv2D(2, 2, 3),
        ReLU(),
        MaxPool2D(2, strides=1),
        Flatten(),
        Dense(18, 1),
        ReLU(),
    ]
    kinds = [type(layer).__name__ for layer in fuse(Sequential(layers)).layers]
    assert kinds == [
        "ConvPool2D",
        "Conv2D",
        "ReLU",
        "ConvPool2D",
        "MaxPool2D",
        "Flatten",
        "Dense",
        "ReLU",
    ]


def test_the_summary_counts_the_same_work(rng):
    model = article_network(rng)
    last = [network.summary((28, 28, 1)).splitlines()[-1] for network in (model, fuse(model))]
    assert last[0] == last[1]


@pytest.mark.parametrize(
    ("convolution", "pool"),
    [
        (Conv2D(1, 1, 3, strides=2), MaxPool2D(2)),
        (Conv2D(1, 1, 3, padding="same"), MaxPool2D(2)),
        (Conv2D(1, 1, 3), MaxPool2D(3, 2)),
        (Conv2D(1, 1, 3), MaxPool2D(2, padding="same")),
    ],
)
def test_refuses_what_it_cannot_stand_for(convolution, pool):
    with pytest.raises(ValueError, match="convolution and pool must be a pair that can be fused"):
        ConvPool2D(convolution, pool)
