"""Focal loss for Keras: cross-entropy in which the easy examples count less."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from bmcourse import checks


@keras.saving.register_keras_serializable(package="bmcourse")
class BinaryFocalLoss(keras.losses.Loss):
    """Focal loss of two classes: -α_t (1 - p_t)^γ log p_t, from logits.

    p_t is the probability given to the true class, α_t is `alpha` for class 1 and
    1 - `alpha` for class 0. With γ = 0 and without `alpha` it is binary cross-entropy.
    Computed from log-sigmoids, so that neither the loss nor its gradient overflows.
    Lin, Goyal, Girshick, He and Dollár, "Focal Loss for Dense Object Detection", 2017.

    Parameters
    ----------
    gamma : float
        At least 0. The higher, the less the easy examples count.
    alpha : float or None
        Weight of class 1, in (0, 1); None weighs both classes 1.
    **kwargs
        Of `keras.losses.Loss`: reduction, name, dtype.

    Raises
    ------
    ValueError
        If `gamma` or `alpha` is out of range.

    Notes
    -----
    Targets are 0 or 1, as many as there are logits; the shapes (n,) and (n, 1) may meet.
    `keras.losses.BinaryFocalCrossentropy(from_logits=True)` is Keras's own.

    Examples
    --------
    >>> y, logits = ops.ones(1), ops.zeros(1)  # p = 0.5: 0.5² log 2
    >>> round(float(BinaryFocalLoss(gamma=2.0)(y, logits)), 4)
    0.1733
    """

    def __init__(self, gamma: float = 2.0, alpha: float | None = None, **kwargs: Any) -> None:
        super().__init__(**{"name": "binary_focal_loss", **kwargs})
        self.gamma = checks.number("gamma", gamma, at_least=0)
        self.alpha = None if alpha is None else checks.number("alpha", alpha, above=0, below=1)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of each logit, of the shape of `y_pred`."""
        y = ops.reshape(ops.cast(y_true, y_pred.dtype), ops.shape(y_pred))
        against = (1 - 2 * y) * y_pred  # the logit against the true class
        loss = ops.exp(-self.gamma * ops.softplus(-against)) * ops.softplus(against)
        if self.alpha is None:
            return loss
        return (y * self.alpha + (1 - y) * (1 - self.alpha)) * loss

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to make this loss again."""
        return {**super().get_config(), "gamma": self.gamma, "alpha": self.alpha}


@keras.saving.register_keras_serializable(package="bmcourse")
class SparseCategoricalFocalLoss(keras.losses.Loss):
    """Focal loss of two classes or more: -(1 - p_t)^γ log p_t, from logits.

    Parameters
    ----------
    gamma : float
        At least 0. With 0 it is sparse categorical cross-entropy.
    **kwargs
        Of `keras.losses.Loss`: reduction, name, dtype.

    Raises
    ------
    ValueError
        If `gamma` is negative, or logits have a single class: use `BinaryFocalLoss` there.

    Notes
    -----
    Targets are class numbers, shape (n,) or (n, 1); logits have shape (n, n_classes).

    Examples
    --------
    >>> y, logits = ops.ones(1), ops.zeros((1, 2))  # p = 0.5: 0.5² log 2
    >>> round(float(SparseCategoricalFocalLoss(gamma=2.0)(y, logits)), 4)
    0.1733
    """

    def __init__(self, gamma: float = 2.0, **kwargs: Any) -> None:
        super().__init__(**{"name": "sparse_categorical_focal_loss", **kwargs})
        self.gamma = checks.number("gamma", gamma, at_least=0)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of each row, shape (n,)."""
        if y_pred.shape[-1] < 2:
            checks.fail("y_pred", "logits of at least two classes", f"shape {y_pred.shape}")
        labels = ops.reshape(ops.cast(y_true, "int32"), (-1,))  # (n,)
        true = ops.one_hot(labels, y_pred.shape[-1], dtype="bool")  # (n, n_classes)
        others = ops.where(true, ops.cast(-float("inf"), y_pred.dtype), y_pred)
        total = ops.logsumexp(y_pred, axis=-1)
        own = ops.sum(ops.where(true, y_pred, ops.zeros_like(y_pred)), axis=-1)
        doubt = ops.logsumexp(others, axis=-1) - total  # log (1 - p_t), (n,)
        return ops.exp(self.gamma * doubt) * (total - own)

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to make this loss again."""
        return {**super().get_config(), "gamma": self.gamma}
