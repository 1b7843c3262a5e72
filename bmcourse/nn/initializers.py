"""Initializers: the first values of the weights.

A kernel has one output axis, the last; all the other axes count what flows
into one output: ``fan_in``.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Shape


def fans(shape: Shape) -> tuple[int, int]:
    """Return (fan_in, fan_out): weights into one output, and out of one input.

    Examples
    --------
    >>> fans((3, 3, 16, 32))
    (144, 288)
    """
    window = math.prod(shape[:-2])  # 1 for a dense kernel
    return window * shape[-2], window * shape[-1]


def glorot_uniform(
    shape: Shape, rng: np.random.Generator | int, dtype: npt.DTypeLike = np.float32
) -> Array:
    """Draw from U(-a, a), a = sqrt(6 / (fan_in + fan_out)): variance 2 / (fan_in + fan_out).

    Keras's default kernel. Glorot and Bengio, "Understanding the difficulty
    of training deep feedforward neural networks", 2010. PyTorch:
    ``xavier_uniform_``.

    Parameters
    ----------
    shape : tuple of int
        ``(inputs, outputs)`` or ``(height, width, in_channels, filters)``.
    rng : numpy.random.Generator or int
    dtype : dtype

    Examples
    --------
    >>> kernel = glorot_uniform((100, 50), np.random.default_rng(0))
    >>> bool(abs(kernel).max() <= 0.2)
    True
    """
    fan_in, fan_out = fans(shape)
    limit = math.sqrt(6 / (fan_in + fan_out))
    return checks.generator("rng", rng).uniform(-limit, limit, shape).astype(dtype)


def he_normal(
    shape: Shape, rng: np.random.Generator | int, dtype: npt.DTypeLike = np.float32
) -> Array:
    """Draw from a normal distribution of variance 2 / fan_in, made for ReLU.

    He et al., "Delving Deep into Rectifiers", 2015. PyTorch:
    ``kaiming_normal_``. Keras cuts the tails off at two standard deviations.

    Parameters
    ----------
    shape : tuple of int
        ``(inputs, outputs)`` or ``(height, width, in_channels, filters)``.
    rng : numpy.random.Generator or int
    dtype : dtype

    Examples
    --------
    >>> round(float(he_normal((200, 500), np.random.default_rng(0)).std()), 2)
    0.1
    """
    fan_in, _ = fans(shape)
    draws = checks.generator("rng", rng)
    return (draws.standard_normal(shape) * math.sqrt(2 / fan_in)).astype(dtype)


def orthogonal(
    shape: tuple[int, int], rng: np.random.Generator | int, dtype: npt.DTypeLike = np.float32
) -> Array:
    """Draw a matrix whose columns, or rows where it is wide, are perpendicular and of length 1.

    A square one keeps the length of every vector: what a recurrent layer needs at first. Keras's
    default for recurrent kernels. Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear
    dynamics of learning in deep linear neural networks", 2014.

    Parameters
    ----------
    shape : (int, int)
    rng : numpy.random.Generator or int
    dtype : dtype

    Examples
    --------
    >>> q = orthogonal((3, 3), 0, np.float64)
    >>> bool(abs(q.T @ q - np.eye(3)).max() < 1e-12)
    True
    """
    rows, columns = shape
    drawn = checks.generator("rng", rng).standard_normal((max(shape), min(shape)))
    q, r = np.linalg.qr(drawn)
    q *= np.sign(np.diag(r))  # else not every rotation would be equally likely
    return (q if rows >= columns else q.T).astype(dtype)
