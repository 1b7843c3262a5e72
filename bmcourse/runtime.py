"""One call at the top of a notebook: seeds, determinism, a quiet start, the device."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bmcourse import outputs

FULL_MEMORY = (
    "The device has not enough free memory. Close other programs that use it, or give this course "
    "the CPU: set CUDA_VISIBLE_DEVICES=-1 before you start JupyterLab, then restart the kernel."
)


def start(seed: int = 0, *, keras: bool = True) -> np.random.Generator:
    """Make this kernel reproducible and say what it runs on.

    Seeds Python, NumPy and Keras, makes TensorFlow's operations deterministic, and keeps
    the messages of TensorFlow's C++ code out of the notebook. Call it before Keras is imported.

    Parameters
    ----------
    seed : int
        Seed of every generator.
    keras : bool
        Load Keras and its backend. False for notebooks that need NumPy alone, or that call
        `start_keras` in the cell that first needs Keras.

    Returns
    -------
    numpy.random.Generator
        A generator with the same seed, to pass on as ``rng``.
    """
    if outputs.in_notebook():
        _silence_stderr()
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - some libraries still draw from it
    if keras:
        _load_keras(seed)
    outputs.show(f"Ready. Seed {seed}.", f"runs on {device() if keras else cpu()}")
    return np.random.default_rng(seed)


def start_keras(seed: int = 0) -> None:
    """Load Keras late in a notebook that began with ``start(seed, keras=False)``.

    Keras draws from generators of its own, and from those of Python and NumPy: all of them are
    seeded here, so what follows is the same in every run, whatever went before. Call it before
    Keras is imported.

    Parameters
    ----------
    seed : int
        Seed of every generator.
    """
    _load_keras(seed)
    outputs.show(f"Keras is ready. Seed {seed}.", f"runs on {device()}")


def cpu() -> str:
    """Describe the processor, for example ``"CPU, 2 cores"``."""
    count = os.cpu_count() or 1
    return f"CPU, {count} core" + ("s" if count > 1 else "")


def device() -> str:
    """Describe the device that Keras computes on: a GPU's name or the CPU."""
    import keras

    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
        names = [tf.config.experimental.get_device_details(g).get("device_name") for g in gpus]
    elif backend == "jax":
        names = [d.device_kind for d in importlib.import_module("jax").devices("gpu")]
    else:
        cuda = importlib.import_module("torch").cuda
        names = [cuda.get_device_name(i) for i in range(cuda.device_count())]
    place = f"GPU {names[0] or 'without a name'}" if names else cpu()
    return f"{place}; Keras {keras.__version__} on {backend}"


def _load_keras(seed: int) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with silenced_stderr():
        with _without_collector():
            import keras

        keras.utils.set_random_seed(seed)
        if keras.backend.backend() == "tensorflow":
            import tensorflow as tf

            tf.config.experimental.enable_op_determinism()
            tf.config.list_physical_devices()  # the last of the start-up messages
            if outputs.in_notebook():
                _explain((tf.errors.ResourceExhaustedError,), FULL_MEMORY)


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Look for no garbage: thousands of imported modules leave none, and looking takes time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _explain(kinds: tuple[type[BaseException], ...], advice: str) -> None:
    """Make this notebook print `advice` below the traceback of errors of some kinds."""
    from IPython.core.getipython import get_ipython

    def show(shell: Any, kind: Any, error: Any, trace: Any, tb_offset: int | None = None) -> None:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
        print(advice)

    shell: Any = get_ipython()
    shell.set_custom_exc(kinds, show)


def _silence_stderr() -> None:
    """Send file descriptor 2 of this kernel to the null device for good.

    TensorFlow's C++ code writes notes there, now and at the first training. Python's own
    warnings and errors do not pass through the descriptor and still appear.
    """
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    os.close(null)


@contextlib.contextmanager
def silenced_stderr() -> Iterator[None]:
    """Send file descriptor 2 to the null device: C++ libraries write to it directly."""
    kept = os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)


@dataclass
class Timer:
    """Measure how long a block takes, and show it outside the compared output.

    Attributes
    ----------
    seconds : float
        Wall-clock time of the block, once it has ended.

    Examples
    --------
    >>> with Timer("adding", quiet=True) as timer:
    ...     _ = sum(range(10))
    >>> timer.seconds < 1
    True
    """

    what: str
    quiet: bool = False
    seconds: float = field(default=float("nan"), init=False)
    _start: float = field(default=0.0, init=False, repr=False)

    def __enter__(self) -> Timer:
        self._start = time.perf_counter()
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        self.seconds = time.perf_counter() - self._start
        if kind is None and not self.quiet:
            outputs.show(f"Timed: {self.what}", f"{self.seconds:.1f} s")
