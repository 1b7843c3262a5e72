"""What every function here asks of its labels: one for each row, counted by class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array


@dataclass(frozen=True)
class Classes:
    """The sorted classes, the place of each row's class among them, and the counts."""

    names: Array
    codes: Array
    counts: Array

    def rows(self) -> list[Array]:
        """Return the row numbers of each class, in rising order."""
        order = np.argsort(self.codes, kind="stable")
        return np.split(order, np.cumsum(self.counts)[:-1])


def count_classes(argument: str, value: npt.ArrayLike) -> Classes:
    """Return the classes of labels of shape (n_samples,): whole numbers, booleans or strings.

    Errors: see `bmcourse.checks.class_labels`.

    Examples
    --------
    >>> count_classes("y", ["cat", "dog", "cat"]).counts
    array([2, 1])
    """
    labels = checks.class_labels(argument, value)
    return Classes(*np.unique(labels, return_inverse=True, return_counts=True))


def count_two_or_more(argument: str, value: npt.ArrayLike) -> Classes:
    """Return the classes as `count_classes`, and refuse labels of a single class.

    Examples
    --------
    >>> count_two_or_more("y", [1, 1])
    Traceback (most recent call last):
    ...
    ValueError: y must be labels of at least two classes, got only 1
    """
    classes = count_classes(argument, value)
    if len(classes.names) < 2:
        checks.fail(argument, "labels of at least two classes", f"only {classes.names[0]}")
    return classes
