"""Train the MNIST network of article 000 by hand-written NumPy and by Keras, side by side.

    python benchmarks/numpy_vs_tensorflow.py

Prints images per second as ratios to Keras's `fit`, taken in turn in one process, with a
bare TensorFlow loop beside it; the peak memory of a training step, each in a process of its
own; and how the time of one layer grows with batch, filters and pixels. Stores all of it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ.pop("OPENBLAS_CORETYPE", None)  # BLAS picks its code for this CPU, as TensorFlow does

import numpy as np
import threadpoolctl
from machine import store

from bmcourse import nn

KINDS = ("keras", "tensorflow", "fused", "plain")


def images(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return random images with a flat border, as MNIST has, and random labels."""
    rng = np.random.default_rng(0)
    x = np.zeros((n, 28, 28, 1), np.float32)
    x[:, 4:24, 4:24] = rng.random((n, 20, 20, 1))
    return x, rng.integers(0, 10, n)


def numpy_network() -> nn.Sequential:
    rng = np.random.default_rng(0)
    return nn.Sequential(
        [
            nn.Conv2D(1, 32, 3, rng=rng),
            nn.ReLU(),
            nn.MaxPool2D(2),
            nn.Conv2D(32, 64, 3, rng=rng),
            nn.ReLU(),
            nn.MaxPool2D(2),
            nn.Conv2D(64, 64, 3, rng=rng),
            nn.ReLU(),
            nn.Flatten(),
            nn.Dense(576, 64, rng=rng),
            nn.ReLU(),
            nn.Dense(64, 10, rng=rng),
        ]
    )


def trainer(kind: str) -> Callable[[np.ndarray, np.ndarray, int], object]:
    """Return a function that trains for one epoch on (x, y, batch_size)."""
    if kind == "keras":
        from bmcourse.recipes.vision.mnist import article_model

        model = article_model()
        return lambda x, y, size: model.fit(x, y, batch_size=size, verbose=0)
    if kind == "tensorflow":
        return tensorflow_loop()
    network = numpy_network()
    network = nn.fuse(network) if kind == "fused" else network
    loss, optimizer = nn.SparseCategoricalCrossentropy(), nn.Adam()
    return lambda x, y, size: network.fit(x, y, loss=loss, optimizer=optimizer, batch_size=size)


def tensorflow_loop() -> Callable[[np.ndarray, np.ndarray, int], None]:
    """Return a bare training loop around one compiled step: TensorFlow without Keras's `fit`."""
    import keras
    import tensorflow as tf

    from bmcourse.recipes.vision.mnist import article_model

    model = article_model()
    optimizer = keras.optimizers.Adam()
    optimizer.build(model.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(x: Any, y: Any) -> None:
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
            loss = tf.reduce_mean(losses)
        optimizer.apply(tape.gradient(loss, model.trainable_variables))

    def train(x: np.ndarray, y: np.ndarray, size: int) -> None:
        for chosen in nn.training.shuffled_batches(len(x), size, np.random.default_rng()):
            step(tf.constant(x[chosen]), tf.constant(y[chosen]))

    return train


def measure_speed(batch_size: int, rounds: int, n: int) -> dict[str, Any]:
    """Train with each in turn, `rounds` times; ratios are taken within a round."""
    x, y = images(n)
    trainers = {kind: trainer(kind) for kind in KINDS}
    for train in trainers.values():
        train(x[: 2 * batch_size], y[: 2 * batch_size], batch_size)  # warm up
    wall: dict[str, list[float]] = {kind: [] for kind in KINDS}
    work: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(rounds):
        for kind, train in trainers.items():
            start, busy = time.perf_counter(), time.process_time()
            train(x, y, batch_size)
            wall[kind].append(n / (time.perf_counter() - start))
            work[kind].append(n / (time.process_time() - busy))
    return {
        kind: {
            "images_per_second": round(float(np.median(wall[kind]))),
            "ratio_to_keras": ratios(wall[kind], wall["keras"]),
            "ratio_by_processor_time": ratios(work[kind], work["keras"]),
        }
        for kind in KINDS
    }


def ratios(ours: list[float], theirs: list[float]) -> dict[str, float]:
    """Return the median and the quartiles of the ratios round by round."""
    low, middle, high = np.percentile(np.divide(ours, theirs), [25, 50, 75])
    return {"median": round(middle, 2), "low": round(low, 2), "high": round(high, 2)}


def resident_bytes(field: str) -> int:
    """Return VmRSS (now) or VmHWM (peak) of this process; Linux only."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"no {field} in /proc/self/status")


def peak_of_a_step(kind: str, batch_size: int) -> int:
    """Return how far memory rises above its level before training, in bytes."""
    x, y = images(4 * batch_size)
    train = trainer(kind)
    train(x[:2], y[:2], 2)  # one small step first: compiling and importing are not the step
    before = resident_bytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # start the peak anew
    train(x, y, batch_size)
    return resident_bytes("VmHWM") - before


def measure_memory(batch_size: int) -> dict[str, float]:
    """Return each kind's peak in MiB, measured in fresh processes."""
    peaks = {}
    for kind in KINDS:
        command = [sys.executable, __file__, "--peak", kind, "--batch-size", str(batch_size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        peaks[kind] = round(int(done.stdout.split()[-1]) / 2**20, 1)
    return peaks


def layer_seconds(batch: int, filters: int, side: int) -> float:
    """Return the shortest of several times of one layer's forward and backward pass."""
    rng = np.random.default_rng(0)
    layer = nn.ConvPool2D(nn.Conv2D(16, filters, 3, rng=rng), nn.MaxPool2D(2))
    x = rng.random((batch, side, side, 16), dtype=np.float32)
    times = []
    with threadpoolctl.threadpool_limits(1):
        for _ in range(15):
            start = time.perf_counter()
            layer.backward(layer.forward(x))
            times.append(time.perf_counter() - start)
    return min(times)


def measure_growth() -> dict[str, Any]:
    """Return the time as batch, filters and pixels grow, and how well a straight line fits."""
    settings = {
        "batch": [((n, 32, 30), n) for n in (8, 16, 32, 64, 128)],
        "filters": [((32, n, 30), n) for n in (16, 32, 64, 128, 256)],
        "pixels": [((32, 32, n), n * n) for n in (16, 22, 30, 42, 58, 82)],
    }
    growth = {}
    for name, runs in settings.items():
        sizes = [size for _, size in runs]
        seconds = [layer_seconds(*arguments) for arguments, _ in runs]
        explained = np.corrcoef(sizes, seconds)[0, 1] ** 2
        growth[name] = {
            "sizes": sizes,
            "milliseconds": [round(1e3 * s, 3) for s in seconds],
            "explained_by_a_line": round(float(explained), 4),
        }
    return growth


def versions() -> dict[str, object]:
    """Return what the figures depend on, besides what `store` notes."""
    import tensorflow as tf

    blas = [item for item in threadpoolctl.threadpool_info() if "numpy" in item["filepath"]]
    return {
        "threads": nn.default_threads(),
        "blas": [f"{item['internal_api']} {item['architecture']}" for item in blas],
        "tensorflow": tf.__version__,
    }


def report(results: dict[str, Any]) -> None:
    print("images/s in training, as a ratio to Keras (median, quartiles)")
    for batch_size, speeds in results["speed"].items():
        for kind, speed in speeds.items():
            wall, work = speed["ratio_to_keras"], speed["ratio_by_processor_time"]
            print(
                f"batch {batch_size:>3}  {kind:<10} {speed['images_per_second']:>6} images/s"
                f"   {wall['median']:.2f} ({wall['low']:.2f} to {wall['high']:.2f})"
                f"   by processor time {work['median']:.2f}"
            )
    print("\npeak memory of a training step, MiB above the level before")
    for batch_size, peaks in results["peak_mib"].items():
        shares = {kind: f"{mib} ({mib / peaks['keras']:.2f})" for kind, mib in peaks.items()}
        print(f"batch {batch_size:>3}  " + "  ".join(f"{k} {v}" for k, v in shares.items()))
    print("\none layer, forward and backward, in ms; R² of time = a + b size")
    for name, curve in results["growth"].items():
        points = zip(curve["sizes"], curve["milliseconds"], strict=True)
        print(
            f"{name:<8} R² {curve['explained_by_a_line']}  "
            + "  ".join(f"{n}: {t}" for n, t in points)
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--images", type=int, default=4096)
    parser.add_argument("--batch-size", type=int, help="only this one; both by default")
    parser.add_argument("--peak", choices=KINDS, help="print one kind's peak memory and stop")
    arguments = parser.parse_args()
    sizes = [arguments.batch_size] if arguments.batch_size else [32, 128]
    if arguments.peak:
        print(peak_of_a_step(arguments.peak, sizes[0]))
        return
    results = {
        **versions(),
        "rounds": arguments.rounds,
        "images": arguments.images,
        "speed": {n: measure_speed(n, arguments.rounds, arguments.images) for n in sizes},
        "peak_mib": {n: measure_memory(n) for n in sizes},
        "growth": measure_growth(),
    }
    report(results)
    store(__file__, results)


if __name__ == "__main__":
    main()
