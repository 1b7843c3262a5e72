"""Learning-rate schedules for Keras optimizers."""

from __future__ import annotations

from typing import Any

import keras

from bmcourse import checks


@keras.saving.register_keras_serializable(package="bmcourse")
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Rise linearly to a peak, then fall linearly to almost nothing, and stay there.

    Parameters
    ----------
    peak : float
        Highest learning rate.
    steps : int
        Steps of the whole training.
    warm_up : float
        Share of the steps that the rise takes, in (0, 1).

    References
    ----------
    Smith and Topin, "Super-convergence: very fast training of neural networks using large
    learning rates", 2019.
    """

    def __init__(self, peak: float, steps: int, warm_up: float = 0.25) -> None:
        self.peak = checks.number("peak", peak, above=0)
        self.steps = checks.integer("steps", steps)
        self.warm_up = checks.number("warm_up", warm_up, above=0, below=1)

    def __call__(self, step: Any) -> Any:
        """Return the learning rate of a step."""
        done = keras.ops.minimum(keras.ops.cast(step, "float32") / self.steps, 1.0)
        rise = 0.05 + done / self.warm_up
        fall = (1 - done) / (1 - self.warm_up) + 0.001
        return self.peak * keras.ops.minimum(keras.ops.minimum(rise, fall), 1.0)

    def get_config(self) -> dict[str, float]:
        """Return what is needed to make this schedule again."""
        return {"peak": self.peak, "steps": self.steps, "warm_up": self.warm_up}
