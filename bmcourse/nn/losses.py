"""What training makes small. Every loss takes logits, never probabilities.

A logit is a number before sigmoid or softmax. From logits the logarithm and
the exponential cancel on paper, so that nothing overflows.
"""

from __future__ import annotations

import copy
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.activations import sigmoid, softmax


class Loss:
    """The mean over the batch of how wrong each example's logits are.

    Half precision is computed in float32: a squared error of 300 does not fit float16, nor
    does the number of numbers in a large batch.
    """

    logits: Array
    targets: Array

    def forward(self, logits: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return the mean loss."""
        raise NotImplementedError

    def backward(self) -> Array:
        """Return the gradient of the mean loss with respect to the last logits."""
        raise NotImplementedError

    def accuracy(self) -> float | None:
        """Return the share of right answers in the last batch; None for a regression."""
        return None

    def replica(self) -> Self:
        """Return a loss of the same kind with its own memory."""
        return copy.copy(self)

    def __getattr__(self, name: str) -> Any:
        """Say what is missing where `backward` comes before `forward`."""
        if name in ("logits", "targets"):
            raise RuntimeError("backward and accuracy need a forward pass first")
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def _remember(self, logits: npt.ArrayLike, targets: npt.ArrayLike) -> None:
        """Keep both arrays, of one shape and one floating type."""
        self.logits = _own_floats(checks.array("logits", logits))
        wanted = checks.array("targets", targets, shape=self.logits.shape)
        self.targets = wanted.astype(self.logits.dtype)

    def _remember_probabilities(self, logits: npt.ArrayLike, targets: npt.ArrayLike) -> None:
        """Keep both arrays; every target must be a probability."""
        self._remember(logits, targets)
        low, high = self.targets.min(), self.targets.max()
        if low < 0 or high > 1:
            checks.fail("targets", "numbers in [0, 1]", low if low < 0 else high)


class MeanSquaredError(Loss):
    """The mean of (logit - target)²: for quantities such as prices.

    Examples
    --------
    >>> loss = MeanSquaredError()
    >>> loss.forward([[1.0], [3.0]], [[1.0], [1.0]])
    2.0
    >>> loss.backward()
    array([[0.],
           [2.]])
    """

    def forward(self, logits: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return the mean of the squared errors over all the numbers."""
        self._remember(logits, targets)
        return float(np.mean((self.logits - self.targets) ** 2))

    def backward(self) -> Array:
        """Return 2 (z - y) / n, for n numbers in all."""
        return 2 * (self.logits - self.targets) / self.logits.size


class _YesOrNo(Loss):
    """What losses for two classes have in common."""

    def accuracy(self) -> float:
        """Return the share of logits on their target's side of 0."""
        return float(np.mean((self.logits > 0) == (self.targets > 0.5)))


class BinaryCrossentropy(_YesOrNo):
    """-y log σ(z) - (1 - y) log(1 - σ(z)): for yes or no.

    Targets lie in [0, 1] and have the shape of the logits. PyTorch:
    ``BCEWithLogitsLoss``; Keras: ``BinaryCrossentropy(from_logits=True)``.

    Examples
    --------
    >>> loss = BinaryCrossentropy()
    >>> round(loss.forward([[0.0]], [[1.0]]), 4)
    0.6931
    >>> loss.forward([[10_000.0]], [[0.0]])
    10000.0
    """

    def forward(self, logits: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return the mean of log(1 + exp(z)) - y z, the same formula without overflow."""
        self._remember_probabilities(logits, targets)
        return float(np.mean(np.logaddexp(0, self.logits) - self.targets * self.logits))

    def backward(self) -> Array:
        """Return (σ(z) - y) / n: probability minus target."""
        return (sigmoid(self.logits) - self.targets) / self.logits.size


class BinaryFocalCrossentropy(_YesOrNo):
    """Binary cross-entropy in which easy examples count less: (1 - p_t)^γ times it.

    p_t is the probability given to the truth. Lin et al., "Focal Loss for
    Dense Object Detection", 2017. Keras: ``BinaryFocalCrossentropy(from_logits=True)``,
    with ``alpha`` for ``apply_class_balancing=True``.

    Parameters
    ----------
    gamma : float
        At 0 the loss is binary cross-entropy; Lin et al. use 2.
    alpha : float in (0, 1), optional
        Weight of positive targets; negative ones weigh 1 - alpha. None
        leaves both at 1.

    Examples
    --------
    >>> loss = BinaryFocalCrossentropy(gamma=2)
    >>> loss.forward([[0.0]], [[1.0]]) == 0.25 * BinaryCrossentropy().forward([[0.0]], [[1.0]])
    True
    """

    def __init__(self, gamma: float = 2.0, alpha: float | None = None) -> None:
        self.gamma = checks.number("gamma", gamma, at_least=0)
        self.alpha = None if alpha is None else checks.number("alpha", alpha, above=0, below=1)

    def forward(self, logits: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return the mean of w q^γ c: class weight, q = 1 - p_t, cross-entropy."""
        self._remember_probabilities(logits, targets)
        z, y = self.logits, self.targets
        p, not_p = sigmoid(z), sigmoid(-z)  # 1 - p would lose its digits near p = 1
        self.q = y * not_p + (1 - y) * p
        self.slope = (1 - 2 * y) * p * not_p  # dq/dz
        self.crossentropy = np.logaddexp(0, z) - y * z
        self.weight = 1 if self.alpha is None else y * self.alpha + (1 - y) * (1 - self.alpha)
        return float(np.mean(self.weight * self.q**self.gamma * self.crossentropy))

    def backward(self) -> Array:
        """Return the product rule: w (γ q^(γ-1) dq/dz c + q^γ (σ(z) - y)) / n.

        q^(γ-1) dq/dz is computed as q^γ times (dq/dz) / q, which stays finite at q = 0.
        """
        error = sigmoid(self.logits) - self.targets
        ratio = np.divide(self.slope, self.q, out=np.zeros_like(self.q), where=self.q > 0)
        focus = self.gamma * ratio * self.crossentropy
        return self.weight * self.q**self.gamma * (focus + error) / self.logits.size


class CategoricalCrossentropy(Loss):
    """-Σ y log softmax(z): for one class out of several, targets as probabilities.

    Logits and targets have shape (batch, classes); a target is one-hot, or
    any distribution with sum 1. Keras: ``CategoricalCrossentropy(from_logits=True)``.

    Examples
    --------
    >>> loss = CategoricalCrossentropy()
    >>> round(loss.forward([[0.0, 0.0]], [[1, 0]]), 4)
    0.6931
    """

    def forward(self, logits: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return the mean over examples of -Σ y log p."""
        self._remember_probabilities(checks.array("logits", logits, ndim=2), targets)
        totals = self.targets.sum(axis=1)
        if np.any(abs(totals - 1) > 1e-3):
            checks.fail("targets", "rows with sum 1", totals[abs(totals - 1) > 1e-3][0])
        # (batch, classes) * (batch, classes), summed over classes
        return float(-np.sum(self.targets * log_softmax(self.logits), axis=1).mean())

    def backward(self) -> Array:
        """Return (p Σ y - y) / batch: probability minus target."""
        totals = self.targets.sum(axis=1, keepdims=True)
        return (softmax(self.logits) * totals - self.targets) / len(self.logits)

    def accuracy(self) -> float:
        """Return the share of examples whose largest logit is at the largest target."""
        return float(np.mean(self.logits.argmax(axis=1) == self.targets.argmax(axis=1)))


class SparseCategoricalCrossentropy(Loss):
    """-log softmax(z)[y]: for one class out of several, targets as class numbers.

    Logits have shape (batch, ..., classes), targets (batch, ...): of a sequence, each place
    counts as an example. PyTorch:
    ``CrossEntropyLoss``; Keras: ``SparseCategoricalCrossentropy(from_logits=True)``.

    Examples
    --------
    >>> loss = SparseCategoricalCrossentropy()
    >>> loss.forward([[0.0, 10_000.0]], [0])
    10000.0
    >>> loss.backward()
    array([[-1.,  1.]])
    """

    def forward(self, logits: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return the mean over examples of -log p[y]."""
        given, classes = checks.array("logits", logits), checks.array("targets", targets)
        if given.ndim < 2:
            checks.fail("logits", "an array with at least 2 dimensions", f"shape {given.shape}")
        checks.same_length(logits=given, targets=classes)
        if classes.shape != given.shape[:-1]:
            checks.fail("targets", f"of shape {given.shape[:-1]}", f"shape {classes.shape}")
        self._shape = given.shape
        self.logits = _own_floats(given).reshape(-1, given.shape[-1])  # (examples, classes)
        self.targets = checks.labels("targets", classes.ravel(), classes=given.shape[-1]).copy()
        examples = np.arange(len(self.targets))
        return float(-log_softmax(self.logits)[examples, self.targets].mean())

    def backward(self) -> Array:
        """Return (p - one-hot y) / examples: probability minus target."""
        gradient = softmax(self.logits)
        gradient[np.arange(len(self.targets)), self.targets] -= 1
        return (gradient / len(self.logits)).reshape(self._shape)

    def accuracy(self) -> float:
        """Return the share of examples whose largest logit is the right class."""
        return float(np.mean(self.logits.argmax(axis=1) == self.targets))


def _own_floats(values: Array) -> Array:
    """Return a copy in the same precision, at least float32."""
    short = values.dtype.kind != "f" or values.dtype.itemsize < 4
    return values.astype(np.float32 if short else values.dtype)


def log_softmax(logits: Array) -> Array:
    """Return log softmax over the last axis: z minus log Σ exp z, without overflow.

    Examples
    --------
    >>> log_softmax(np.array([[0.0, 10_000.0]]))
    array([[-10000.,      0.]])
    """
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
