"""TensorFlow in float64 or float32 as the independent oracle of every layer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


def _quiet_import() -> tuple[Any, Any]:
    """Import TensorFlow without its messages, which go past Python to descriptor 2."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    kept, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        import keras
        import tensorflow

        tensorflow.constant(0.0) + 1  # the first operation logs too
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)
    return tensorflow, keras


tf, keras = _quiet_import()

TOLERANCE = {"float64": 1e-8, "float32": 1e-4}


@contextmanager
def keras_precision(dtype: str) -> Iterator[None]:
    """Let Keras create losses, optimizers and variables in this precision."""
    kept = keras.config.dtype_policy()
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)  # layers made before have fixed the policy
    try:
        yield
    finally:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy(kept)


def reference(
    function: Callable[..., Any], upstream: np.ndarray | None, *arrays: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return function(*arrays), and the gradient of its dot product with `upstream`."""
    variables = [tf.constant(values) for values in arrays]
    with tf.GradientTape() as tape:
        tape.watch(variables)
        output = function(*variables)
    gradients = tape.gradient(
        output, variables, output_gradients=None if upstream is None else tf.constant(upstream)
    )
    return output.numpy(), [gradient.numpy() for gradient in gradients]


def assert_close(actual: Any, expected: Any, dtype: str = "float64") -> None:
    """Compare relative to the largest number: single entries may cancel to nothing."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    scale = max(np.abs(expected).max(initial=0), 1e-30)
    assert np.abs(actual - expected).max(initial=0) <= TOLERANCE[dtype] * scale


def assert_layer_matches(
    layer: Any,
    function: Callable[..., Any],
    x: np.ndarray,
    rng: np.random.Generator,
    vanishing: str = "",
) -> None:
    """Compare output, input gradient and parameter gradients; `function` takes x, then params.

    The gradient of a parameter whose name ends in `vanishing` is 0 but for rounding.
    """
    output = layer.forward(x, training=True)
    upstream = rng.standard_normal(output.shape).astype(x.dtype)
    grad_x = layer.backward(upstream)
    expected, gradients = reference(function, upstream, x, *layer.params.values())
    assert output.dtype == grad_x.dtype == x.dtype
    assert_close(output, expected, str(x.dtype))
    assert_close(grad_x, gradients[0], str(x.dtype))
    assert layer.grads.keys() == layer.params.keys()
    for name, gradient in zip(layer.params, gradients[1:], strict=True):
        assert layer.grads[name].dtype == x.dtype
        if vanishing and name.endswith(vanishing):
            largest = max(np.abs(upstream).max(), np.abs(expected).max())
            for found in (layer.grads[name], gradient):
                assert np.abs(found).max() <= TOLERANCE[str(x.dtype)] * largest
        else:
            assert_close(layer.grads[name], gradient, str(x.dtype))
