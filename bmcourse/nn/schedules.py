"""Schedules: learning rates that change while training goes on.

A schedule is called with the number of steps already taken and returns the
learning rate of the next one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

from bmcourse import checks

Schedule: TypeAlias = Callable[[int], float]


class ConstantRate:
    """The same learning rate at every step.

    Examples
    --------
    >>> ConstantRate(0.1)(1000)
    0.1
    """

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = checks.number("learning_rate", learning_rate, at_least=0)

    def __call__(self, step: int) -> float:
        """Return the learning rate."""
        return self.learning_rate


class ExponentialDecay:
    """initial_learning_rate * decay_rate ** (step / decay_steps).

    Examples
    --------
    >>> ExponentialDecay(0.1, decay_steps=100, decay_rate=0.5)(200)
    0.025
    """

    def __init__(self, initial_learning_rate: float, decay_steps: int, decay_rate: float) -> None:
        self.initial = checks.number("initial_learning_rate", initial_learning_rate, above=0)
        self.decay_steps = checks.integer("decay_steps", decay_steps)
        self.decay_rate = checks.number("decay_rate", decay_rate, above=0)

    def __call__(self, step: int) -> float:
        """Return the learning rate after `step` steps."""
        return self.initial * self.decay_rate ** (step / self.decay_steps)


class CosineDecay:
    """Fall along half a cosine wave from the initial rate to `alpha` times it, then stay.

    Loshchilov and Hutter, "SGDR", 2017.

    Examples
    --------
    >>> schedule = CosineDecay(0.1, decay_steps=100)
    >>> [round(schedule(step), 3) for step in (0, 50, 100, 150)]
    [0.1, 0.05, 0.0, 0.0]
    """

    def __init__(self, initial_learning_rate: float, decay_steps: int, alpha: float = 0.0) -> None:
        self.initial = checks.number("initial_learning_rate", initial_learning_rate, above=0)
        self.decay_steps = checks.integer("decay_steps", decay_steps)
        self.alpha = checks.number("alpha", alpha, at_least=0, at_most=1)

    def __call__(self, step: int) -> float:
        """Return the learning rate after `step` steps."""
        done = min(step / self.decay_steps, 1.0)
        wave = (1 + math.cos(math.pi * done)) / 2
        return self.initial * ((1 - self.alpha) * wave + self.alpha)


class OneCycle:
    """Rise along a line from 0 to the peak, then fall along a line to 0.

    Smith and Topin, "Super-Convergence", 2018; the linear form.

    Parameters
    ----------
    peak : float
        Largest learning rate.
    steps : int
        Length of the whole training, in steps.
    warmup : float in (0, 1)
        Share of the steps spent rising.

    Examples
    --------
    >>> schedule = OneCycle(0.4, steps=100, warmup=0.2)
    >>> [round(schedule(step), 3) for step in (0, 10, 20, 60, 100)]
    [0.0, 0.2, 0.4, 0.2, 0.0]
    """

    def __init__(self, peak: float, steps: int, warmup: float = 0.25) -> None:
        self.peak = checks.number("peak", peak, above=0)
        self.steps = checks.integer("steps", steps)
        self.warmup = checks.number("warmup", warmup, above=0, below=1)

    def __call__(self, step: int) -> float:
        """Return the learning rate after `step` steps."""
        done = min(step / self.steps, 1.0)
        rising, falling = done / self.warmup, (1 - done) / (1 - self.warmup)
        return self.peak * min(rising, falling)


def as_schedule(learning_rate: float | Schedule) -> Schedule:
    """Return a schedule as it is, and a number as a constant schedule.

    Examples
    --------
    >>> as_schedule(0.5)(3)
    0.5
    """
    return learning_rate if callable(learning_rate) else ConstantRate(learning_rate)
