"""Class weights: let each class count alike in the loss, however many rows it has."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.checks import Array
from bmcourse.imbalance.inputs import count_classes


def class_weights(y: npt.ArrayLike) -> dict[Any, float]:
    """Return the balanced weight of each class: w_c = n / (k n_c).

    n rows, k classes, n_c rows of class c. Then each class's weights sum to n / k, and
    all weights sum to n: the loss keeps its scale. The same as scikit-learn's
    ``compute_class_weight("balanced", ...)``. They treat all classes alike and know nothing
    of the world: weights that restore a population's known shares are another thing, prior
    correction (King and Zeng, "Logistic Regression in Rare Events Data", 2001).

    Parameters
    ----------
    y : array_like of shape (n_samples,)
        Labels of the training rows: whole numbers or strings.

    Returns
    -------
    dict
        From label to weight: what Keras and scikit-learn take as ``class_weight``.

    Raises
    ------
    ValueError
        If `y` is empty, has another shape, or holds no labels.

    Examples
    --------
    >>> class_weights([0, 0, 0, 1])
    {0: 0.6666666666666666, 1: 2.0}
    """
    classes = count_classes("y", y)
    return dict(zip(classes.names.tolist(), _balanced(classes.counts).tolist(), strict=True))


def sample_weights(y: npt.ArrayLike) -> Array:
    """Return each row's balanced weight: that of its class, see `class_weights`.

    Parameters
    ----------
    y : array_like of shape (n_samples,)

    Returns
    -------
    ndarray of shape (n_samples,)
        Mean 1.

    Raises
    ------
    ValueError
        As `class_weights`.

    Examples
    --------
    >>> sample_weights(["no", "no", "no", "yes"]).round(3)
    array([0.667, 0.667, 0.667, 2.   ])
    """
    classes = count_classes("y", y)
    return _balanced(classes.counts)[classes.codes]


def _balanced(counts: Array) -> Array:
    return np.sum(counts) / (len(counts) * counts)
