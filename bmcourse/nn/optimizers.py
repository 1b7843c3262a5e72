"""Optimizers: rules that turn gradients into steps.

An optimizer knows nothing about layers: it is handed pairs of a parameter
and its gradient, and changes the parameter in place. All formulas are those
of Keras 3, to the last digit.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence

import numpy as np

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Shape
from bmcourse.nn.schedules import Schedule, as_schedule


class Optimizer:
    """Take one step for every parameter.

    Parameters
    ----------
    learning_rate : float or schedule
        A number, or a function of the steps taken so far.
    global_clipnorm : float, optional
        Longest gradient that is used as it is, all parameters together; a longer one is scaled
        down to this length, its direction kept. Pascanu, Mikolov and Bengio, "On the difficulty
        of training recurrent neural networks", 2013. PyTorch: ``clip_grad_norm_``.

    Attributes
    ----------
    iterations : int
        Steps taken so far.
    """

    memories: int = 0  # how many arrays each parameter needs from step to step

    def __init__(
        self, learning_rate: float | Schedule, global_clipnorm: float | None = None
    ) -> None:
        self.schedule = as_schedule(learning_rate)
        if global_clipnorm is not None:
            checks.number("global_clipnorm", global_clipnorm, above=0)
        self.global_clipnorm = global_clipnorm
        self.iterations = 0
        self._memory: list[list[Array]] = []
        self._owners: list[Array] = []
        self._shapes: list[Shape] = []

    def step(
        self, pairs: Iterable[tuple[Array, Array]], owners: Sequence[Array] | None = None
    ) -> None:
        """Change every parameter in place.

        Parameters
        ----------
        pairs : iterable of (parameter, gradient)
            The same parameters in the same order at every step, as
            `Sequential.params_and_grads` yields them.
        owners : sequence of ndarray, optional
            A network's own arrays, where `pairs` hold others that stand for them.

        Raises
        ------
        ValueError
            If shapes do not fit, or the parameters are not those of the first step: the
            momentum and the number of steps belong to them.
        """
        pairs = list(pairs)
        if not all(isinstance(part, np.ndarray) for pair in pairs for part in pair):
            checks.fail("pairs", "pairs of arrays, parameter and gradient", "other objects")
        self._recognise([w for w, _ in pairs] if owners is None else list(owners))
        shapes = [w.shape for w, _ in pairs]
        if not self._memory:
            self._memory = [[np.zeros_like(w) for _ in range(self.memories)] for w, _ in pairs]
            self._shapes = shapes
        if shapes != self._shapes:  # `fit` joins all parameters into one vector
            checks.fail("pairs", f"of shapes {self._shapes}, as before", f"shapes {shapes}")
        for parameter, gradient in pairs:
            if gradient.shape != parameter.shape:
                expected = f"of the parameter's shape {parameter.shape}"
                checks.fail("gradient", expected, f"shape {gradient.shape}")
        rate = float(self.schedule(self.iterations))
        self.iterations += 1
        scale = self._scale([gradient for _, gradient in pairs])
        for (parameter, gradient), memory in zip(pairs, self._memory, strict=True):
            used = gradient if scale == 1 else gradient * gradient.dtype.type(scale)
            self._update(parameter, used, rate, *memory)

    def _scale(self, gradients: list[Array]) -> float:
        """Return what all gradients are multiplied with, so that their joint length is clipped."""
        if self.global_clipnorm is None:
            return 1.0
        length = math.hypot(*(float(np.linalg.norm(gradient)) for gradient in gradients))
        return min(1.0, self.global_clipnorm / length) if length else 1.0

    def _recognise(self, owners: list[Array]) -> None:
        """Refuse other arrays than those of the first step."""
        if not self._owners:
            self._owners = owners
        same = len(owners) == len(self._owners) and all(map(operator.is_, owners, self._owners))
        if not same:
            steps = f"one that took {self.iterations} steps for other parameters"
            checks.fail("optimizer", "a new one for a new network", steps)

    def _update(self, parameter: Array, gradient: Array, rate: float, *memory: Array) -> None:
        """Change one parameter, and its memory, in place."""
        raise NotImplementedError


class SGD(Optimizer):
    """Walk downhill, with a memory of the way so far.

    Without momentum: w ← w - rate g. With momentum μ: v ← μ v - rate g and
    w ← w + v; Nesterov's form looks one step ahead: w ← w + μ v - rate g.
    Sutskever et al., "On the importance of initialization and momentum in
    deep learning", 2013.

    Parameters
    ----------
    learning_rate : float or schedule
    momentum : float in [0, 1)
    nesterov : bool
    global_clipnorm : float, optional
        As in `Optimizer`.

    Examples
    --------
    >>> w = np.array([1.0])
    >>> SGD(0.1).step([(w, 2 * w)])
    >>> w
    array([0.8])
    """

    memories = 1

    def __init__(
        self,
        learning_rate: float | Schedule = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        *,
        global_clipnorm: float | None = None,
    ) -> None:
        super().__init__(learning_rate, global_clipnorm)
        self.momentum = checks.number("momentum", momentum, at_least=0, below=1)
        self.nesterov = nesterov

    def _update(self, parameter: Array, gradient: Array, rate: float, *memory: Array) -> None:
        (velocity,) = memory
        velocity *= self.momentum
        velocity -= rate * gradient
        if self.nesterov:
            parameter += self.momentum * velocity - rate * gradient
        else:
            parameter += velocity


class RMSprop(Optimizer):
    """Divide each step by the recent size of that parameter's gradient.

    v ← ρ v + (1 - ρ) g², w ← w - rate g / sqrt(v + ε). Hinton, lecture 6e of
    "Neural Networks for Machine Learning", 2012.

    Parameters
    ----------
    learning_rate : float or schedule
    rho : float in [0, 1)
        Share of the old average kept. PyTorch calls it ``alpha``.
    epsilon : float
        Inside the root, as in Keras.
    global_clipnorm : float, optional
        As in `Optimizer`.

    Examples
    --------
    >>> w = np.array([1.0, 1.0])
    >>> RMSprop(0.1, rho=0.75).step([(w, np.array([0.01, 100.0]))])
    >>> w.round(3)
    array([0.8, 0.8])
    """

    memories = 1

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        rho: float = 0.9,
        epsilon: float = 1e-7,
        *,
        global_clipnorm: float | None = None,
    ) -> None:
        super().__init__(learning_rate, global_clipnorm)
        self.rho = checks.number("rho", rho, at_least=0, below=1)
        self.epsilon = checks.number("epsilon", epsilon, above=0)

    def _update(self, parameter: Array, gradient: Array, rate: float, *memory: Array) -> None:
        (velocity,) = memory
        velocity *= self.rho
        velocity += (1 - self.rho) * gradient**2
        parameter -= rate * gradient / np.sqrt(velocity + self.epsilon)


class Adam(Optimizer):
    """Momentum for the direction, the recent gradient's size for the length of the step.

    m ← β₁ m + (1 - β₁) g and v ← β₂ v + (1 - β₂) g². Both start at 0; the
    factor sqrt(1 - β₂ᵗ) / (1 - β₁ᵗ) mends that, and w ← w - rate · factor ·
    m / (sqrt(v) + ε). Kingma and Ba, "Adam", 2015, the form before section 2.1.

    Parameters
    ----------
    learning_rate : float or schedule
    beta_1, beta_2 : float in [0, 1)
        Shares of the old averages kept.
    epsilon : float
        Outside the root, and not corrected, as in Keras.
    global_clipnorm : float, optional
        As in `Optimizer`.

    Examples
    --------
    >>> w = np.array([1.0])
    >>> Adam(0.1).step([(w, np.array([123.0]))])
    >>> w.round(6)
    array([0.9])
    """

    memories = 2

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        *,
        global_clipnorm: float | None = None,
    ) -> None:
        super().__init__(learning_rate, global_clipnorm)
        self.beta_1 = checks.number("beta_1", beta_1, at_least=0, below=1)
        self.beta_2 = checks.number("beta_2", beta_2, at_least=0, below=1)
        self.epsilon = checks.number("epsilon", epsilon, above=0)

    def _update(self, parameter: Array, gradient: Array, rate: float, *memory: Array) -> None:
        mean, square = memory
        mean += (1 - self.beta_1) * (gradient - mean)
        square += (1 - self.beta_2) * (gradient**2 - square)
        t = self.iterations
        rate *= math.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)
        parameter -= rate * mean / (np.sqrt(square) + self.epsilon)


class AdamW(Adam):
    """Adam, after shrinking every parameter by a share rate · weight_decay.

    Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019.

    Parameters
    ----------
    learning_rate : float or schedule
    weight_decay : float
        Share of a parameter taken away per unit of learning rate.
    beta_1, beta_2, epsilon : float
        As in `Adam`.
    global_clipnorm : float, optional
        As in `Optimizer`.

    Examples
    --------
    >>> w = np.array([1.0])
    >>> AdamW(0.1, weight_decay=0.5).step([(w, np.array([0.0]))])
    >>> w
    array([0.95])
    """

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        *,
        global_clipnorm: float | None = None,
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, global_clipnorm=global_clipnorm)
        self.weight_decay = checks.number("weight_decay", weight_decay, at_least=0)

    def _update(self, parameter: Array, gradient: Array, rate: float, *memory: Array) -> None:
        parameter -= rate * self.weight_decay * parameter
        super()._update(parameter, gradient, rate, *memory)
