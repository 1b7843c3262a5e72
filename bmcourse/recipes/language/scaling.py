"""Small GPTs on characters, trained for a given number of operations."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.recipes.language import costs
from bmcourse.recipes.language.austen import Splits
from bmcourse.recipes.language.gpt import gpt

CONTEXT, BATCH, STEPS_AT_ONCE = 64, 4, 4
WIDER_START = 5
"""How much wider than `gpt`'s the first weights are spread: these networks are far narrower."""
FEATURES_BLOCKS_HEADS = ((8, 2, 1), (12, 2, 1), (16, 2, 1), (24, 2, 2), (32, 3, 2), (48, 3, 3))


class Characters:
    """The parts of a text as ids of single characters, and the shapes of the networks.

    Attributes
    ----------
    characters : str
        Those of the training text, in order of their ids. Others count as the first.
    ids : dict of str to ndarray
        ``training``, ``validation`` and ``ends``.
    shapes : list of costs.Shape
        From small to large.
    """

    def __init__(self, cut: Splits) -> None:
        self.characters = "".join(sorted(set(cut.training)))
        table = {character: number for number, character in enumerate(self.characters)}
        self.ids = {
            name: np.array([table.get(character, 0) for character in getattr(cut, name)], np.int32)
            for name in ("training", "validation", "ends")
        }
        self.shapes = [
            costs.Shape(len(self.characters), CONTEXT, features, blocks)
            for features, blocks, _ in FEATURES_BLOCKS_HEADS
        ]

    def windows(self, part: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Return windows side by side, none overlapping, and the same one character further on."""
        ids = self.ids[part]
        n = (len(ids) - 1) // CONTEXT
        return ids[: n * CONTEXT].reshape(n, CONTEXT), ids[1 : n * CONTEXT + 1].reshape(n, CONTEXT)


def steps_for(budget: float, shape: costs.Shape) -> int:
    """Return how many steps of `BATCH` windows a budget pays for, in multiples of four."""
    checks.number("budget", budget, above=0)
    step = costs.training_flops(shape) * BATCH * CONTEXT
    return STEPS_AT_ONCE * max(1, round(budget / (STEPS_AT_ONCE * step)))


def warm_up_then_cosine(steps: int) -> npt.NDArray[np.float64]:
    """Return the rate of each step, as a share of the highest.

    Examples
    --------
    >>> warm_up_then_cosine(40).round(2)[[0, 1, 2, 20, 39]]
    array([0.5 , 1.  , 1.  , 0.56, 0.05])
    """
    warm = max(1, steps // 20)
    rise = np.arange(1, warm + 1) / warm
    done = np.arange(steps - warm) / max(1, steps - warm)
    return np.concatenate([rise, 0.05 + 0.95 * (1 + np.cos(np.pi * done)) / 2])


class Trainer:
    """Train networks of one shape, one after the other, with one compiled function.

    Parameters
    ----------
    data : Characters
    shape : costs.Shape
        One of ``data.shapes``.

    Notes
    -----
    For networks as small as these, `fit` takes longer to call a step than a step takes. So several
    steps are compiled into one function, which needs Keras on TensorFlow.
    """

    def __init__(self, data: Characters, shape: costs.Shape) -> None:
        import tensorflow as tf

        self.data, self.shape = data, shape
        heads = {(d, b): h for d, b, h in FEATURES_BLOCKS_HEADS}
        self.model = gpt(**vars(shape), heads=heads[shape.features, shape.blocks])
        self.optimizer = keras.optimizers.Adam(1e-3, beta_2=0.99, global_clipnorm=1.0)
        self.optimizer.build(self.model.trainable_variables)
        self._first = self.model.get_weights()

        @tf.function(jit_compile=True)
        def steps(x: Any, y: Any, rates: Any) -> None:
            for i in tf.range(STEPS_AT_ONCE):
                self.optimizer.learning_rate.assign(rates[i])
                with tf.GradientTape() as tape:
                    logits = self.model(x[i], training=True)
                    losses = keras.losses.sparse_categorical_crossentropy(
                        y[i], logits, from_logits=True
                    )
                    loss = keras.ops.mean(losses)
                weights = self.model.trainable_variables
                self.optimizer.apply(tape.gradient(loss, weights), weights)

        self._steps = steps

    def train(self, budget: float, rate: float, seed: int) -> dict[str, int]:
        """Train from new weights until the budget is spent; return steps and tokens.

        The rate rises for a twentieth of the steps, then falls along a cosine to a twentieth. Each
        window is seen once before any is seen twice.
        """
        rng = np.random.default_rng(seed)
        # What is no constant in `gpt` is normal about 0, so its spread says all of it.
        self.model.set_weights(
            [rng.normal(0, WIDER_START * w.std(), w.shape) if w.std() else w for w in self._first]
        )
        for variable in self.optimizer.variables:
            variable.assign(np.zeros(variable.shape, variable.dtype))
        steps = steps_for(budget, self.shape)
        rates = (rate * warm_up_then_cosine(steps)).astype(np.float32)
        x, y = self.data.windows("training")
        rounds = -(-steps * BATCH // len(x))
        order = np.concatenate([rng.permutation(len(x)) for _ in range(rounds)])[: steps * BATCH]
        order = order.reshape(steps, BATCH)
        for first in range(0, steps, STEPS_AT_ONCE):
            part = order[first : first + STEPS_AT_ONCE]
            self._steps(x[part], y[part], rates[first : first + STEPS_AT_ONCE])
        return {"steps": steps, "tokens": steps * BATCH * CONTEXT}

    def loss(self, part: str) -> float:
        """Return nats a character on every sixth window of a part of the text."""
        x, y = (windows[::6] for windows in self.data.windows(part))
        losses = []
        for first in range(0, len(x), 128):
            logits = np.asarray(self.model(x[first : first + 128], training=False), np.float64)
            top = logits.max(axis=-1, keepdims=True)
            total = np.log(np.exp(logits - top).sum(axis=-1)) + top[..., 0]
            chosen = np.take_along_axis(logits, y[first : first + 128, :, None], axis=-1)[..., 0]
            losses.append(total - chosen)
        return float(np.concatenate(losses).mean())
