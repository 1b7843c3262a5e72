"""Pack layers and images small enough to travel with a web page."""

from __future__ import annotations

import base64
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt

from bmcourse import checks


class PackedDense(TypedDict):
    """A dense layer as JSON: the kernel in steps of `scale`, one signed byte a weight."""

    inputs: int
    units: int
    scale: float
    kernel: str
    bias: list[float]


def pack_dense(kernel: npt.ArrayLike, bias: npt.ArrayLike) -> PackedDense:
    """Pack a dense layer small enough to travel with a web page.

    Each weight is rounded to one of 255 steps, so it is off by half a step at most.

    Parameters
    ----------
    kernel : array_like of shape (inputs, units)
    bias : array_like of shape (units,)

    Examples
    --------
    >>> unpack_dense(pack_dense([[1.0, -0.5]], [0.0, 2.0]))[0].round(2)
    array([[ 1. , -0.5]])
    """
    weights = checks.array("kernel", kernel, ndim=2)
    offsets = checks.array("bias", bias, shape=(weights.shape[1],))
    scale = float(np.abs(weights).max()) / 127 or 1.0
    steps = np.rint(weights / scale).astype(np.int8)
    return {
        "inputs": weights.shape[0],
        "units": weights.shape[1],
        "scale": scale,
        "kernel": base64.b64encode(steps.tobytes()).decode(),
        "bias": [round(float(b), 5) for b in offsets],
    }


def unpack_dense(packed: PackedDense) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Turn a packed layer back into its kernel (inputs, units) and bias (units,)."""
    steps = np.frombuffer(base64.b64decode(packed["kernel"]), dtype=np.int8)
    kernel = steps.reshape(packed["inputs"], packed["units"]) * packed["scale"]
    return kernel, np.asarray(packed["bias"])


def pack_images(images: npt.NDArray[np.uint8]) -> list[str]:
    """Pack grey images of shape (n, height, width) as base64 text, one an image."""
    checks.array("images", images, ndim=3)
    return [base64.b64encode(np.ascontiguousarray(image).tobytes()).decode() for image in images]
