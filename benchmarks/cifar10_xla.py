"""Time a training step of our CIFAR-10 network with and without XLA, by processor time.

    python benchmarks/cifar10_xla.py

Keras refuses XLA while TensorFlow's operations are deterministic, as they are in the notebooks;
so this runs without. Both models take turns; compiling is left out. The result is stored.
"""

from __future__ import annotations

import os
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from machine import store

from bmcourse.recipes.vision import fast_cifar10

IMAGES, ROUNDS = 1024, 3


def compiled(x: np.ndarray, *, xla: bool) -> keras.Model:
    """Build our network in float32."""
    plan = fast_cifar10.Plan((32, 64, 128), 1, 1, keras.DTypePolicy("float32"))
    model = fast_cifar10.fast_model(x, plan)
    fast_cifar10.compile_fast(model, steps=100)
    model.compile(optimizer=model.optimizer, loss=model.loss, jit_compile=xla)
    return model


def main() -> None:
    """Measure both in turn."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(IMAGES, 32, 32, 3)).astype(np.float32)
    y = np.eye(10, dtype=np.float32)[rng.integers(0, 10, IMAGES)]
    models = {"without": compiled(x, xla=False), "with": compiled(x, xla=True)}
    spent: dict[str, list[float]] = {name: [] for name in models}
    for model in models.values():
        model.fit(x[:512], y[:512], batch_size=256, verbose=0)
    for _ in range(ROUNDS):
        for name, model in models.items():
            begin = time.process_time()
            model.fit(x, y, batch_size=256, verbose=0)
            spent[name].append(round(1000 * (time.process_time() - begin) / IMAGES, 3))
    ratios = [a / b for a, b in zip(spent["with"], spent["without"], strict=True)]
    result = {"ms_per_image": spent, "ratio": round(float(np.median(ratios)), 2)}
    store(__file__, {"keras": keras.__version__, **result})


if __name__ == "__main__":
    main()
