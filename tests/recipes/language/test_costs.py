"""Weights and operations counted from a shape, against Keras and a compiled step."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from bmcourse.chapters.what_training_costs.counted import products
from bmcourse.recipes.language import costs
from bmcourse.recipes.language.gpt import gpt

SHAPE = costs.Shape(vocabulary=11, context=6, features=8, blocks=3)


def test_weights_are_those_of_keras() -> None:
    model = gpt(**vars(SHAPE), heads=2)
    counted = costs.weights(SHAPE)
    assert sum(counted.values()) == model.count_params()
    assert costs.inner_weights(SHAPE) == model.count_params() - 11 * 8 - 6 * 8


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="asks TensorFlow's compiler")
def test_operations_are_those_of_the_compiled_step() -> None:
    import tensorflow as tf

    model = gpt(**vars(SHAPE), heads=2)
    ids = np.zeros((5, 6), np.int32)

    @tf.function(jit_compile=True)
    def forward(x: Any) -> Any:
        return model(x)

    @tf.function(jit_compile=True)
    def gradients(x: Any) -> Any:
        with tf.GradientTape() as tape:
            logits = model(x)
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(x, logits)
        return tape.gradient(loss, model.trainable_variables)

    tokens = ids.size
    found = [
        sum(products(step.experimental_get_compiler_ir(ids)(stage="hlo")))
        for step in (forward, gradients)
    ]
    assert found == [
        tokens * sum(costs.forward_flops(SHAPE).values()),
        tokens * costs.training_flops(SHAPE),
    ]


def test_six_n_is_right_for_wide_networks_only() -> None:
    """GPT-3's shape: 6 N errs by less than 2 %; ours of 8 features by more than half."""
    gpt3 = costs.Shape(50257, 2048, 12288, 96)
    small = costs.Shape(80, 64, 8, 2)
    ratios = [costs.training_flops(s) / (6 * costs.inner_weights(s)) for s in (gpt3, small)]
    assert ratios[0] == pytest.approx(1.036, abs=0.02)
    assert ratios[1] > 1.5


@pytest.mark.parametrize(
    ("optimizer", "precision", "total"),
    [
        ("sgd", "single", 8),
        ("momentum", "single", 12),
        ("adam", "single", 16),
        ("sgd", "mixed", 8),
        ("momentum", "mixed", 12),
        ("adam", "mixed", 16),
    ],
)
def test_bytes_a_weight(optimizer: str, precision: str, total: int) -> None:
    assert costs.bytes_a_weight(optimizer, precision).total == total


@pytest.mark.parametrize(("optimizer", "precision"), [("lion", "single"), ("adam", "double")])
def test_unknown_names_are_refused(optimizer: str, precision: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        costs.bytes_a_weight(optimizer, precision)


def test_a_shape_has_sizes() -> None:
    with pytest.raises(ValueError, match="features"):
        costs.Shape(10, 4, 0, 1)
