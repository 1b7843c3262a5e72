"""Read training images out of a gradient of a dense first layer."""

from __future__ import annotations

import numpy as np

from bmcourse import nn
from bmcourse.checks import Array


def candidates(kernel: Array, bias: Array) -> Array:
    """Return one image a unit: its column of the kernel's gradient over that of its bias.

    Parameters
    ----------
    kernel : ndarray of shape (pixels, units)
    bias : ndarray of shape (units,)

    Returns
    -------
    ndarray of shape (units that are not 0, pixels)
        For one example all rows are that example. For several, each row is their mean, weighted
        by how hard each pushes the unit.
    """
    pushed = np.abs(bias) > 1e-12
    return np.asarray((kernel[:, pushed] / bias[pushed]).T)


def found(images: Array, guesses: Array, tolerance: float = 1e-3) -> Array:
    """Return which images stand among the guesses, no pixel further off than `tolerance`."""
    near = [bool((np.abs(guesses - image).max(axis=1) < tolerance).any()) for image in images]
    return np.array(near)


def set_trap(model: nn.Sequential, brightness: Array) -> None:
    """Give a network the weights of a server that wants to read its clients' images.

    Every unit of the first layer sees the mean of the pixels, and unit j is on above the j-th
    quantile of `brightness`; all units go on alike. Fowl and others, "Robbing the fed", 2022.
    """
    first, last = model.params["0_Dense.kernel"], model.params["2_Dense.kernel"]
    units = first.shape[1]
    first[...] = 1 / len(first)
    model.params["0_Dense.bias"][...] = -np.quantile(brightness, np.arange(units) / units)
    last[...] = np.linspace(-1, 1, last.shape[1])  # the same for each unit, not for each class


def spring_trap(kernel: Array, bias: Array) -> Array:
    """Return one image for each gap between neighbouring units of a trap.

    The difference of two neighbours comes from the images between their two thresholds alone.
    """
    above = np.zeros((len(kernel), 1), kernel.dtype)
    between = np.diff(np.hstack([kernel, above]), axis=1)
    return candidates(between, np.diff(np.append(bias, 0)))
