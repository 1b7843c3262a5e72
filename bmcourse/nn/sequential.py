"""`Sequential`: a network in which each layer feeds the next."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape
from bmcourse.nn.losses import Loss
from bmcourse.nn.optimizers import Optimizer
from bmcourse.nn.saving import load_arrays, save_arrays
from bmcourse.nn.summary import summarize
from bmcourse.nn.training import History, train


class Sequential:
    """Layers in a row: forward through them all, backward in reverse order.

    Parameters
    ----------
    layers : sequence of Layer
        In the order of the forward pass; every object once.

    Raises
    ------
    ValueError
        If there is no layer, something else than a layer, or one object at two places.

    Examples
    --------
    >>> from bmcourse.nn import Adam, Dense, MeanSquaredError, ReLU
    >>> rng = np.random.default_rng(0)
    >>> model = Sequential([Dense(1, 16, rng=rng), ReLU(), Dense(16, 1, rng=rng)])
    >>> x = rng.uniform(-1, 1, (256, 1))
    >>> history = model.fit(
    ...     x, abs(x), loss=MeanSquaredError(), optimizer=Adam(0.01), epochs=30, rng=rng
    ... )
    >>> history.loss[-1] < 0.01 < history.loss[0]
    True
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = list(layers)
        if not self.layers:
            checks.fail("layers", "at least one layer", "none")
        for position, layer in enumerate(self.layers):
            checks.instance(f"layers[{position}]", layer, Layer, "Dense(2, 1)")
            if any(layer is other for other in self.layers[:position]):
                expected = "another object: a layer keeps one input, for one place"
                received = f"the {type(layer).__name__} that stands before it, too"
                checks.fail(f"layers[{position}]", expected, received)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return the last layer's output for a batch."""
        x = checks.array("x", x)
        with self._checked_once():
            for layer in self.layers:
                x = layer.forward(x, training)
        return x

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient with respect to the last input; fill every layer's `grads`."""
        grad_output = checks.array("grad_output", grad_output)
        with self._checked_once():
            for layer in reversed(self.layers):
                grad_output = layer.backward(grad_output)
        return grad_output

    def params_and_grads(self) -> Iterator[tuple[Array, Array]]:
        """Yield each parameter with its gradient, for an optimizer's `step`."""
        for layer in self.layers:
            for name, parameter in layer.params.items():
                yield parameter, layer.grads[name]

    @property
    def params(self) -> dict[str, Array]:
        """Every parameter, named like ``0_Dense.kernel``: position, layer, parameter."""
        return self._collect("params")

    @property
    def grads(self) -> dict[str, Array]:
        """Every gradient, with the names of `params`."""
        return self._collect("grads")

    def fit(
        self,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        *,
        loss: Loss,
        optimizer: Optimizer,
        epochs: int = 1,
        batch_size: int = 32,
        validation_data: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
        rng: np.random.Generator | int | None = None,
        threads: int | None = None,
        progress: bool = False,
    ) -> History:
        """Train on examples `x` with targets `y`; see `bmcourse.nn.training.train`."""
        data = (x, y, validation_data)
        return train(self, *data, loss, optimizer, epochs, batch_size, rng, threads, progress)

    def predict(self, x: npt.ArrayLike, batch_size: int = 256) -> Array:
        """Return the outputs for all examples, computed `batch_size` at a time."""
        x = checks.array("x", x)
        size = checks.integer("batch_size", batch_size)
        return np.concatenate([self.forward(x[i : i + size]) for i in range(0, len(x), size)])

    def evaluate(
        self, x: npt.ArrayLike, y: npt.ArrayLike, *, loss: Loss, batch_size: int = 256
    ) -> dict[str, float]:
        """Return the mean ``loss`` and, for classes, the ``accuracy``."""
        loss = loss.replica()
        outputs = self.predict(x, batch_size)
        scores = {"loss": loss.forward(outputs, y)}
        accuracy = loss.accuracy()
        return scores if accuracy is None else {**scores, "accuracy": accuracy}

    def summary(self, input_shape: Shape) -> str:
        """Return a table of shapes, parameters and operations for one example.

        Parameters
        ----------
        input_shape : tuple of int
            Shape of one example, without the batch.
        """
        return summarize(self.layers, input_shape)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write parameters and moving averages to one ``.npz`` file, all or nothing."""
        save_arrays(path, {**self.params, **self._collect("state")})

    def load_weights(self, path: str | os.PathLike[str]) -> None:
        """Read what `save` wrote into this network of the same layers.

        Raises
        ------
        ValueError
            If a name or a shape differs; the network then stays as it was.
        """
        load_arrays(path, {**self.params, **self._collect("state")})

    def replica(self) -> Self:
        """Return a network that shares these parameters but has its own memory."""
        return type(self)([layer.replica() for layer in self.layers])

    @contextmanager
    def _checked_once(self) -> Iterator[None]:
        """Spare the layers the search for NaN and infinity: this network made it at its door."""
        before = [layer.checks_finite for layer in self.layers]
        for layer in self.layers:
            layer.checks_finite = False
        try:
            yield
        finally:
            for layer, checked in zip(self.layers, before, strict=True):
                layer.checks_finite = checked

    def _collect(self, attribute: str) -> dict[str, Array]:
        """Return one dictionary of all layers under names that tell them apart."""
        return {
            f"{position}_{type(layer).__name__}.{name}": values
            for position, layer in enumerate(self.layers)
            for name, values in getattr(layer, attribute).items()
        }
