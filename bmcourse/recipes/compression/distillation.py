"""Distillation: a small network learns from a large one's softened probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn
from bmcourse.nn.activations import softmax

Array = npt.NDArray[Any]


class DistillationLoss(nn.losses.Loss):
    """(1 - h) T² KL(teacher at T, student at T) + h cross-entropy with the labels.

    Parameters
    ----------
    temperature : float
        T: both networks' logits are divided by it before softmax.
    hard : float from 0 to 1
        h, the share of the labels.

    Notes
    -----
    Targets have one column more than the logits: the teacher's logits, then the class number.
    With p and q for the probabilities of student and teacher at T, and p₁ at 1, the gradient of
    the first part is ``T (p - q)``, of the second ``p₁ - one-hot y``.

    References
    ----------
    Hinton, Vinyals and Dean, Distilling the knowledge in a neural network, 2015.

    Examples
    --------
    >>> loss = DistillationLoss(temperature=4, hard=0.0)
    >>> loss.forward([[2.0, 0.0]], [[2.0, 0.0, 0]])  # the student says what the teacher says
    0.0
    """

    def __init__(self, temperature: float = 4.0, hard: float = 0.1) -> None:
        self.temperature = checks.number("temperature", temperature, above=0)
        self.hard = checks.number("hard", hard, at_least=0, at_most=1)

    def forward(self, logits: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return the mean over the examples."""
        z = checks.array("logits", logits, ndim=2)
        both = checks.array("targets", targets, shape=(len(z), z.shape[1] + 1))
        self.logits, self.teacher = z.astype(float), both[:, :-1].astype(float)
        self.labels = checks.labels("the last column", both[:, -1], classes=z.shape[1])
        t, rows = self.temperature, np.arange(len(z))
        log_p = nn.losses.log_softmax(self.logits / t)  # (batch, classes)
        log_q = nn.losses.log_softmax(self.teacher / t)
        soft = (np.exp(log_q) * (log_q - log_p)).sum(axis=1)  # (batch,)
        hard = -nn.losses.log_softmax(self.logits)[rows, self.labels]
        return float(((1 - self.hard) * t**2 * soft + self.hard * hard).mean())

    def backward(self) -> Array:
        """Return ((1 - h) T (p - q) + h (p₁ - y)) / batch."""
        t = self.temperature
        p, q = softmax(self.logits / t), softmax(self.teacher / t)  # (batch, classes)
        wrong = softmax(self.logits)
        wrong[np.arange(len(wrong)), self.labels] -= 1
        found: Array = ((1 - self.hard) * t * (p - q) + self.hard * wrong) / len(p)
        return found

    def accuracy(self) -> float:
        """Return the share of examples whose largest logit is the right class."""
        return float(np.mean(self.logits.argmax(axis=1) == self.labels))


def targets(teacher: npt.ArrayLike, labels: npt.ArrayLike) -> Array:
    """Join the teacher's logits (n, classes) and the labels (n,) to (n, classes + 1)."""
    return np.column_stack([np.asarray(teacher), np.asarray(labels)])
