"""Time one transformer block, forward and backward: NumPy against TensorFlow's graph and XLA.

    python benchmarks/transformer_block.py

All on one thread, in float32, with the same weights: the block of `bmcourse.nn`, and the same
block in plain TensorFlow operations under `tf.function`, without and with XLA. Rounds are taken in
turn; stores the median processor time of each and the ratios, how far the results lie apart, and
the memory that a pass needs, for each shape. Memory is the growth of the resident set at its peak,
each side in a fresh process (Linux only), and for NumPy the peak of what it asked for, too.
"""

from __future__ import annotations

import ctypes
import gc
import os
import re
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
os.environ.pop("OPENBLAS_CORETYPE", None)  # BLAS picks its code for this CPU, as TensorFlow does

import numpy as np
import tensorflow as tf
from machine import store

from bmcourse import nn

SHAPES = [(16, 128, 128, 4), (16, 64, 96, 3), (32, 64, 64, 2), (1, 64, 64, 2)]
ROUNDS = 25
MEMORY = ("numpy", "numpy, asked for", "graph")


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


def drawn(
    batch: int, steps: int, features: int, heads: int
) -> tuple[nn.TransformerBlock, np.ndarray, np.ndarray]:
    """Return a block, an input, and a gradient from behind."""
    rng = np.random.default_rng(0)
    block = nn.TransformerBlock(features, heads, 4 * features, causal=True, rng=rng)
    shape = (batch, steps, features)
    x, upstream = (rng.standard_normal(shape).astype(np.float32) for _ in range(2))
    return block, x, upstream


def measure(batch: int, steps: int, features: int, heads: int) -> dict[str, object]:
    """Time the three in turn on one shape."""
    block, x, upstream = drawn(batch, steps, features, heads)
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
    repeats = max(1, 2048 // (batch * steps))  # a pass of one sentence is short: take several
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            start = time.process_time()
            for _ in range(repeats):
                run()
            seconds[name].append((time.process_time() - start) / repeats)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return {
        "shape": [batch, steps, features, heads],
        "milliseconds": {name: round(1000 * value, 2) for name, value in medians.items()},
        "graph_over_numpy": round(medians["graph"] / medians["numpy"], 3),
        "xla_over_numpy": round(medians["xla"] / medians["numpy"], 3),
        "largest_relative_difference": apart,
        "peak_megabytes": {side: peak(side, batch, steps, features, heads) for side in MEMORY},
    }


def resident(field: str) -> float:
    """Return this process's memory now (VmRSS) or at its peak (VmHWM), in megabytes."""
    status = Path("/proc/self/status").read_text()
    found = re.search(rf"{field}:\s*(\d+) kB", status)
    assert found
    return int(found.group(1)) / 1000


def peak(side: str, *shape: int) -> float:
    """Ask a fresh process for the growth at the peak of a few passes, in megabytes."""
    command = [sys.executable, __file__, "--memory", side, *map(str, shape)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(answer.stdout.split()[-1])


def grown(side: str, *shape: int) -> float:
    """Return by how many megabytes this process grows at the peak of three passes."""
    block, x, upstream = drawn(*shape)
    pairs = [tf.constant(values) for values in (x, upstream)]
    run: Callable[[], object] = lambda: ours(block, x, upstream)  # noqa: E731
    if side == "graph":
        graph = tf.function(tensorflow_block(block, causal=True)).get_concrete_function(*pairs)
        run = lambda: graph(*pairs)  # noqa: E731
    elif side == "numpy, asked for":
        tracemalloc.start()
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)  # what is free goes back, so that growth is counted
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = resident("VmRSS")
    for _ in range(3):
        kept = run()
    if side == "numpy, asked for":
        return tracemalloc.get_traced_memory()[1] / 1e6
    growth = resident("VmHWM") - before
    del kept
    return growth


def main() -> int:
    """Measure all shapes and store what came out."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    if sys.argv[1:2] == ["--memory"]:
        print(round(grown(sys.argv[2], *map(int, sys.argv[3:])), 1))
        return 0
    store(__file__, {"rounds": ROUNDS, "shapes": [measure(*shape) for shape in SHAPES]})
    return 0


if __name__ == "__main__":
    sys.exit(main())
