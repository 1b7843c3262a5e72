"""A network of two inputs, two hidden units and one output: the numbers of `Playground`.

Its nine parameters stand in one list, in the order of `NAMES`. ``W12`` leads from input 1
to hidden unit 2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.nn.activations import sigmoid

Array = npt.NDArray[Any]
NAMES = ("W11", "W12", "W21", "W22", "b1", "b2", "v1", "v2", "c")
ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "ReLU": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "none": lambda z: z,
}
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
TASKS = {"XOR": (0, 1, 1, 0), "AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1)}
PRESETS: dict[str, tuple[float, ...]] = {
    "Start": (1, 0, 0, 1, 0, 0, 1, 1, -0.5),
    "Solve XOR with ReLU": (1, 1, 1, 1, 0, -1, 4, -8, -2),
}


def hidden(values: npt.ArrayLike, x: npt.ArrayLike, activation: str) -> Array:
    """Return the activations of the two hidden units, shape (n, 2).

    Parameters
    ----------
    values : array_like of shape (9,)
        The parameters, in the order of `NAMES`.
    x : array_like of shape (n, 2)
    activation : str
        A key of `ACTIVATIONS`.

    Raises
    ------
    ValueError
        If a shape does not fit, or the activation is not known.

    Examples
    --------
    >>> hidden(PRESETS["Solve XOR with ReLU"], CORNERS, "ReLU").tolist()
    [[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [2.0, 1.0]]
    """
    theta = checks.array("values", values, shape=(9,))
    inputs = checks.array("x", x, shape=(None, 2))
    function = ACTIVATIONS[checks.one_of("activation", activation, tuple(ACTIVATIONS))]
    # (n, 2) @ (2, 2) + (2,) -> (n, 2)
    return function(inputs @ theta[:4].reshape(2, 2) + theta[4:6])


def probability(values: npt.ArrayLike, x: npt.ArrayLike, activation: str) -> Array:
    """Return the probability of class 1 for each row of `x`, shape (n,).

    Examples
    --------
    >>> probability(PRESETS["Solve XOR with ReLU"], CORNERS, "ReLU").round(2).tolist()
    [0.12, 0.88, 0.88, 0.12]
    """
    theta = checks.array("values", values, shape=(9,))
    # (n, 2) @ (2,) + () -> (n,)
    return sigmoid(hidden(theta, x, activation) @ theta[6:8] + theta[8])
