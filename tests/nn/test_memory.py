"""What layers keep from `forward` to `backward` is theirs alone; seeds; clear errors."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse import nn
from bmcourse.nn import gradcheck

IMAGES = (3, 4, 4, 2)
ROWS = (3, 6)
STEPS = (3, 4, 6)
LAYERS = {
    "dense": (lambda: nn.Dense(6, 4, rng=0, dtype=float), ROWS),
    "convolution": (lambda: nn.Conv2D(2, 3, 3, rng=0, dtype=float), IMAGES),
    "convolution of one pixel": (lambda: nn.Conv2D(2, 3, 1, rng=0, dtype=float), IMAGES),
    "fused": (
        lambda: nn.ConvPool2D(nn.Conv2D(2, 3, 1, rng=0, dtype=float), nn.MaxPool2D(2)),
        IMAGES,
    ),
    "flatten": (nn.Flatten, IMAGES),
    "relu": (nn.ReLU, ROWS),
    "leaky": (nn.LeakyReLU, ROWS),
    "sigmoid": (nn.Sigmoid, ROWS),
    "tanh": (nn.Tanh, ROWS),
    "softmax": (nn.Softmax, ROWS),
    "dropout": (lambda: nn.Dropout(0.5, 0), ROWS),
    "normalization": (lambda: nn.BatchNormalization(6, dtype=float), ROWS),
    "max pool": (lambda: nn.MaxPool2D(2), IMAGES),
    "average pool": (lambda: nn.AveragePool2D(2), IMAGES),
    "layer normalization": (lambda: nn.LayerNormalization(6, dtype=float), STEPS),
    "gelu": (nn.GELU, ROWS),
    "gelu with tanh": (lambda: nn.GELU(approximate=True), ROWS),
    "embedding": (lambda: nn.Embedding(5, 2, rng=0, dtype=float), ROWS),
    "positions": (lambda: nn.PositionalEmbedding(5, 6, rng=0, dtype=float), STEPS),
    "recurrent": (lambda: nn.SimpleRNN(6, 2, rng=0, dtype=float), STEPS),
    "all states": (lambda: nn.SimpleRNN(6, 2, True, rng=0, dtype=float), STEPS),
    "LSTM": (lambda: nn.LSTM(6, 2, rng=0, dtype=float), STEPS),
    "LSTM, all states": (lambda: nn.LSTM(6, 2, True, rng=0, dtype=float), STEPS),
    "attention": (lambda: nn.MultiHeadAttention(6, 2, rng=0, dtype=float), STEPS),
    "block": (lambda: nn.TransformerBlock(6, 2, 5, True, rng=0, dtype=float), STEPS),
    "block, norm after": (
        lambda: nn.TransformerBlock(6, 2, 5, norm_first=False, rng=0, dtype=float),
        STEPS,
    ),
    "attention with rotary positions": (
        lambda: nn.MultiHeadAttention(12, 3, rotary_base=10.0, rng=0, dtype=float),
        (3, 4, 12),
    ),
    "grouped queries": (
        lambda: nn.GroupedQueryAttention(12, 6, 2, 10.0, rng=0, dtype=float),
        (3, 4, 12),
    ),
    "rotary positions": (lambda: nn.RotaryPositions(6), STEPS),
    "root mean square": (lambda: nn.RMSNormalization(6, dtype=float), STEPS),
    "gated": (lambda: nn.SwiGLU(6, 5, rng=0, dtype=float), STEPS),
    "low rank": (
        lambda: nn.LoRADense(nn.Dense(6, 4, rng=0, dtype=float), 2, 4, rng=1),
        ROWS,
    ),
    "dense over a sequence": (lambda: nn.Dense(6, 4, rng=0, dtype=float), STEPS),
    "network": (
        lambda: nn.Sequential([nn.Dense(6, 4, rng=0, dtype=float), nn.Sigmoid()]),
        ROWS,
    ),
}


def drawn(name, rng):
    """Return an input for a layer: numbers, or ids for a table."""
    x = rng.standard_normal(LAYERS[name][1])
    return np.abs(2 * x).astype(int) % 5 if name == "embedding" else x


def test_every_layer_is_here():
    kinds = {type(make()) for make, _ in LAYERS.values()}
    public = {getattr(nn, name) for name in nn.__all__ if isinstance(getattr(nn, name), type)}
    layers = {kind for kind in public if issubclass(kind, nn.Layer) and kind is not nn.Layer}
    assert layers <= kinds


@pytest.mark.parametrize("spoil", ["input", "output", "both"])
@pytest.mark.parametrize("name", LAYERS)
def test_what_the_caller_does_to_the_arrays_afterwards_changes_no_gradient(name, spoil):
    make, rng = LAYERS[name][0], np.random.default_rng(1)
    start, upstream = drawn(name, rng), None
    answers = []
    for spoilt in (False, True):
        layer, x = make(), start.copy()
        output = layer.forward(x, training=True)
        upstream = rng.standard_normal(output.shape) if upstream is None else upstream
        if spoilt and spoil != "output":
            x *= 0
        if spoilt and spoil != "input":
            output *= 0
        answers.append([layer.backward(upstream), *layer.grads.values()])
    for left, right in zip(*answers, strict=True):
        np.testing.assert_array_equal(left, right)


@pytest.mark.parametrize("name", LAYERS)
def test_no_answer_is_a_view_of_the_callers_array(name):
    layer, x = LAYERS[name][0](), drawn(name, np.random.default_rng(0))
    output = layer.forward(x, training=True)
    assert not np.shares_memory(output, x)
    upstream = np.ones_like(output)
    assert not np.shares_memory(layer.backward(upstream), upstream)


SEEDED = {
    "dense": lambda rng: nn.Dense(3, 2, rng=rng).params["kernel"],
    "convolution": lambda rng: nn.Conv2D(1, 2, 3, rng=rng).params["kernel"],
    "dropout": lambda rng: nn.Dropout(0.5, rng).forward(np.ones((2, 9)), training=True),
    "glorot": lambda rng: nn.glorot_uniform((3, 2), rng),
    "he": lambda rng: nn.he_normal((3, 2), rng),
    "orthogonal": lambda rng: nn.orthogonal((3, 2), rng),
    "embedding": lambda rng: nn.Embedding(3, 2, rng=rng).params["embeddings"],
    "positions": lambda rng: nn.PositionalEmbedding(3, 2, rng=rng).params["position_embeddings"],
    "recurrent": lambda rng: nn.SimpleRNN(3, 2, rng=rng).params["recurrent_kernel"],
    "LSTM": lambda rng: nn.LSTM(3, 2, rng=rng).params["kernel"],
    "attention": lambda rng: nn.MultiHeadAttention(4, 2, rng=rng).params["output_kernel"],
    "block": lambda rng: nn.TransformerBlock(4, 2, 3, rng=rng).params["output.kernel"],
}


@pytest.mark.parametrize("name", SEEDED)
def test_a_whole_number_is_a_seed_zero_too(name):
    draw = SEEDED[name]
    for seed in (0, 42):
        np.testing.assert_array_equal(draw(seed), draw(seed))
        np.testing.assert_array_equal(draw(seed), draw(np.random.default_rng(seed)))
    assert not np.array_equal(draw(0), draw(1))
    for wrong in (True, 0.0, "0"):
        with pytest.raises(ValueError, match=r"rng must be a .*Generator or a seed"):
            draw(wrong)


@pytest.mark.parametrize("name", [n for n in SEEDED if n not in {"glorot", "he", "orthogonal"}])
def test_without_a_generator_every_layer_is_another(name):
    assert not np.array_equal(SEEDED[name](None), SEEDED[name](None))


def test_gradcheck_says_what_is_wrong_with_its_arguments():
    layer, x = nn.Dense(2, 1, rng=0), np.ones((3, 2))
    assert gradcheck(layer, x, rng=0).passed
    with pytest.raises(ValueError, match="x must be a batch, with examples along the first axis"):
        gradcheck(nn.ReLU(), 1.0, rng=0)
    with pytest.raises(ValueError, match="loss must be an object such as"):
        gradcheck(layer, x, rng=0, loss=nn.MeanSquaredError, targets=np.ones((3, 1)))
    with pytest.raises(ValueError, match="rng must be"):
        gradcheck(layer, x, rng=None)


@pytest.mark.parametrize("name", LAYERS)
def test_backward_needs_a_forward_pass(name):
    with pytest.raises(RuntimeError, match="backward needs a forward pass first"):
        LAYERS[name][0]().backward(np.ones((1, 4)))
