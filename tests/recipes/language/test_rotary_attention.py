"""Attention with rotary positions: equal to ours, and it sees distances alone."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from bmcourse.nn import MultiHeadAttention
from bmcourse.recipes.language.rotary_attention import RotaryAttention


@pytest.fixture(scope="module")
def layer() -> Any:
    keras.utils.set_random_seed(0)
    made = RotaryAttention(2, 4, rotary_base=100.0, kernel_initializer="random_normal")
    made.build((None, None, 8), (None, None, 8))
    rng = np.random.default_rng(0)
    made.set_weights([rng.normal(size=w.shape) for w in made.weights])
    return made


def test_it_equals_ours(layer: Any) -> None:
    ours = MultiHeadAttention(8, 2, causal=True, rotary_base=100.0)
    for values, weight in zip(ours.params.values(), layer.weights, strict=True):
        values[...] = keras.ops.convert_to_numpy(weight)
    x = np.random.default_rng(1).normal(size=(3, 7, 8)).astype(np.float32)
    theirs = keras.ops.convert_to_numpy(layer(x, x, use_causal_mask=True))
    np.testing.assert_allclose(ours.forward(x), theirs, atol=1e-4)


def test_scores_know_the_distance_and_not_the_place(layer: Any) -> None:
    x = np.random.default_rng(2).normal(size=(1, 9, 8)).astype(np.float32)
    ratios = []
    for first in (0, 3, 6):  # the same two places of features, further and further back
        _, scores = layer(*[x[:, first:]] * 2, return_attention_scores=True)
        scores = keras.ops.convert_to_numpy(scores)[0]  # (heads, queries, keys)
        ratios.append(scores[:, -1, -2] / scores[:, -1, -1])
    np.testing.assert_allclose(ratios[0], ratios[1], rtol=1e-4)
    np.testing.assert_allclose(ratios[0], ratios[2], rtol=1e-4)


def test_turning_makes_a_difference(layer: Any) -> None:
    plain = keras.layers.MultiHeadAttention(2, 4)
    plain.build((None, None, 8), (None, None, 8))
    plain.set_weights(layer.get_weights())
    x = np.random.default_rng(2).normal(size=(1, 9, 8)).astype(np.float32)
    apart = keras.ops.convert_to_numpy(layer(x, x) - plain(x, x))
    assert np.abs(apart).max() > 0.1


def test_it_survives_its_config(layer: Any) -> None:
    again = RotaryAttention.from_config(layer.get_config())
    assert again.rotary_base == 100.0
    assert again.key_dim == 4
