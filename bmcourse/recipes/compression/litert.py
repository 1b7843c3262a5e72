"""LiteRT, formerly TensorFlow Lite: export a Keras model, and let the exported file answer."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import keras
import numpy as np
import numpy.typing as npt

from bmcourse import checks

Array = npt.NDArray[Any]
KINDS = ("float32", "int8 weights", "int8")
"""As trained; int8 weights with ranges of the numbers taken at each answer; all in int8."""


def missing() -> str:
    """Return what is missing, in one line; an empty text if LiteRT can be used."""
    if importlib.util.find_spec("ai_edge_litert") is None:
        return "Not run: this cell needs LiteRT (python -m pip install ai-edge-litert)."
    if keras.backend.backend() != "tensorflow":
        return "Not run: Keras exports to LiteRT from its TensorFlow backend."
    return ""


def converted(
    model: keras.Model, kind: str, calibration: Array | None = None, shape: Any = None
) -> bytes:
    """Return the exported file of a Keras model.

    Parameters
    ----------
    model : keras.Model
    kind : str
        One of `KINDS`.
    calibration : ndarray, optional
        Examples for "int8": the ranges of the numbers inside are taken from them, one by one.
    shape : list of keras.InputSpec, optional
        The input's shape and type, where the model leaves a length open.
    """
    import tensorflow as tf

    how: dict[str, Any] = {} if shape is None else {"input_signature": shape}
    if checks.one_of("kind", kind, KINDS) != "float32":
        how["optimizations"] = [tf.lite.Optimize.DEFAULT]
    if kind == "int8":
        if calibration is None:
            checks.fail("calibration", "examples", "None")
        how["representative_dataset"] = lambda: ([row[np.newaxis]] for row in calibration)
        how["target_spec"] = {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]}
        if calibration.dtype.kind == "f":  # ids stay ids, and their answers real numbers
            how |= dict.fromkeys(("inference_input_type", "inference_output_type"), tf.int8)
    with tempfile.TemporaryDirectory() as folder, _quiet():
        path = Path(folder) / "model.tflite"
        model.export(path, format="litert", verbose=False, **how)
        return path.read_bytes()


@contextmanager
def masked_with(value: float) -> Iterator[None]:
    """Let Keras's attention write `value` where a place may not look; on TensorFlow alone.

    Keras has no public name for this number, about -2e38 in float32.
    """
    name = "keras.src.backend.tensorflow.nn._get_large_negative"
    with mock.patch(name, lambda dtype: keras.ops.convert_to_tensor(value, dtype)):
        yield


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep TensorFlow from logging each file that it writes."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


class Answerer:
    """Load an exported file, and answer one example at a time on one thread.

    Parameters
    ----------
    content : bytes
    """

    def __init__(self, content: bytes) -> None:
        runtime = importlib.import_module("ai_edge_litert.interpreter")
        self.interpreter = runtime.Interpreter(model_content=content, num_threads=1)
        self.interpreter.allocate_tensors()
        self.input = self.interpreter.get_input_details()[0]
        self.output = self.interpreter.get_output_details()[0]

    def raw(self, x: Array) -> Array:
        """Return the output of a batch of one as the file gives it: in int8, whole numbers."""
        if self.input["dtype"] == np.int8:
            scale, zero = self.input["quantization"]
            x = np.clip(np.round(x / scale) + zero, -128, 127).astype(np.int8)
        self.interpreter.set_tensor(self.input["index"], x)
        self.interpreter.invoke()
        found: Array = self.interpreter.get_tensor(self.output["index"])
        return found

    def one(self, x: Array) -> Array:
        """Return the output of a batch of one as real numbers."""
        found = self.raw(x)
        if self.output["dtype"] == np.int8:
            scale, zero = self.output["quantization"]
            found = np.float32(scale) * (found.astype(np.float32) - zero)
        return found

    def many(self, x: Array) -> Array:
        """Return the outputs of all examples, asked one by one."""
        return np.concatenate([self.one(x[i : i + 1]) for i in range(len(x))])

    def largest_step(self) -> float:
        """Return the largest scale of any int8 number inside."""
        details = self.interpreter.get_tensor_details()
        scales = [d["quantization_parameters"]["scales"] for d in details if d["dtype"] == np.int8]
        return max(float(s.max()) for s in scales if len(s))

    def kernels(self) -> list[Array]:
        """Return the whole numbers of all int8 kernels, each (fan_in, units), input side first."""
        found = []
        for detail in self.interpreter.get_tensor_details():
            shape, kind = detail["shape"], detail["dtype"]
            parameters = detail["quantization_parameters"]
            if kind == np.int8 and len(parameters["scales"]) == shape[0] > 1:
                w = self.interpreter.get_tensor(detail["index"])
                found.append(w.reshape(len(w), -1).T)
        return found[::-1]
