"""Time one transformer block, forward and backward: NumPy against TensorFlow's graph and XLA.

    python benchmarks/transformer_block.py

All on one thread, in float32, with the same weights: the block of `bmcourse.nn`, and the same
block in plain TensorFlow operations under `tf.function`, without and with XLA. Rounds are taken in
turn; stores the median of each and the ratios, and how far the results lie apart, for each shape.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
os.environ.pop("OPENBLAS_CORETYPE", None)  # BLAS picks its code for this CPU, as TensorFlow does

import numpy as np
import tensorflow as tf
from machine import store

from bmcourse import nn

SHAPES = [(16, 128, 128, 4), (16, 64, 96, 3), (32, 64, 64, 2), (1, 64, 64, 2)]
ROUNDS = 15


def ours(block: nn.TransformerBlock, x: np.ndarray, upstream: np.ndarray) -> list[np.ndarray]:
    """Return the output, dX and all gradients of one pass through our block."""
    output = block.forward(x, training=True)
    gradient = block.backward(upstream)
    return [output, gradient, *(block.grads[name] for name in block.params)]


def tensorflow_block(block: nn.TransformerBlock, causal: bool) -> Callable[..., list[tf.Tensor]]:
    """Return the same pass, written in TensorFlow with the same parameters."""
    attention = block.parts["attention"]
    assert isinstance(attention, nn.MultiHeadAttention)
    heads, key_dim = attention.num_heads, attention.key_dim
    variables = {name: tf.Variable(values) for name, values in block.params.items()}

    def norm(z: tf.Tensor, name: str) -> tf.Tensor:
        mean, variance = tf.nn.moments(z, [-1], keepdims=True)
        scaled = (z - mean) * tf.math.rsqrt(variance + 1e-3)
        return scaled * variables[f"{name}.gamma"] + variables[f"{name}.beta"]

    def attend(z: tf.Tensor) -> tf.Tensor:
        batch, steps, features = z.shape
        found = []
        for part in ("query", "key", "value"):
            kernel = tf.reshape(variables[f"attention.{part}_kernel"], (features, features))
            bias = tf.reshape(variables[f"attention.{part}_bias"], (features,))
            split = tf.reshape(z @ kernel + bias, (batch, steps, heads, key_dim))
            found.append(tf.transpose(split, (0, 2, 1, 3)))
        query, key, value = found
        scores = tf.matmul(query / key_dim**0.5, key, transpose_b=True)
        if causal:
            scores = tf.where(np.tri(steps, dtype=bool), scores, -1e9)
        mixed = tf.transpose(tf.nn.softmax(scores) @ value, (0, 2, 1, 3))
        kernel = tf.reshape(variables["attention.output_kernel"], (features, features))
        joined = tf.reshape(mixed, (batch, steps, features))
        return joined @ kernel + variables["attention.output_bias"]

    def run(x: tf.Tensor, upstream: tf.Tensor) -> list[tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(x)
            z = x + attend(norm(x, "attention_norm"))
            inner = norm(z, "hidden_norm") @ variables["hidden.kernel"] + variables["hidden.bias"]
            inner = tf.nn.gelu(inner, approximate=True)
            z = z + inner @ variables["output.kernel"] + variables["output.bias"]
        sources = [x, *variables.values()]
        return [z, *tape.gradient(z, sources, output_gradients=upstream)]

    return run


def measure(batch: int, steps: int, features: int, heads: int) -> dict[str, object]:
    """Time the three in turn on one shape."""
    rng = np.random.default_rng(0)
    block = nn.TransformerBlock(features, heads, 4 * features, causal=True, rng=rng)
    x, upstream = (
        rng.standard_normal((batch, steps, features)).astype(np.float32) for _ in range(2)
    )
    pairs = [tf.constant(values) for values in (x, upstream)]
    plain = tensorflow_block(block, causal=True)
    graph, xla = tf.function(plain), tf.function(plain, jit_compile=True)
    runs: dict[str, Callable[[], object]] = {
        "numpy": lambda: ours(block, x, upstream),
        "graph": lambda: [part.numpy() for part in graph(*pairs)],
        "xla": lambda: [part.numpy() for part in xla(*pairs)],
    }
    first = {name: run() for name, run in runs.items()}  # compiles, too
    apart = max(
        float(np.abs(a - b).max() / np.abs(b).max())
        for a, b in zip(first["numpy"], first["graph"], strict=True)  # type: ignore[call-overload]
        if np.abs(b).max() > 1e-3  # the key's bias has a gradient of 0
    )
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            start = time.perf_counter()
            for _ in range(10 if batch == 1 else 1):
                run()
            seconds[name].append((time.perf_counter() - start) / (10 if batch == 1 else 1))
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return {
        "shape": [batch, steps, features, heads],
        "milliseconds": {name: round(1000 * value, 2) for name, value in medians.items()},
        "graph_over_numpy": round(medians["graph"] / medians["numpy"], 3),
        "xla_over_numpy": round(medians["xla"] / medians["numpy"], 3),
        "largest_relative_difference": apart,
    }


def main() -> int:
    """Measure all shapes and store what came out."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    store(__file__, {"rounds": ROUNDS, "shapes": [measure(*shape) for shape in SHAPES]})
    return 0


if __name__ == "__main__":
    sys.exit(main())
