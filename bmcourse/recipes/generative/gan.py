"""A small DCGAN for grey images, with or without classes, and the game of its two networks."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops

from bmcourse import checks, weights

Images = npt.NDArray[np.float32]
Labels = npt.NDArray[np.integer[Any]]

LATENT = 64  # numbers of noise that an image is made from
REAL_LABEL = 0.9  # what the discriminator is told of a real image, instead of 1
LEAK = 0.2


def generator(*, classes: int = 0, side: int = 28, filters: int = 16) -> keras.Model:
    """Return an untrained generator: noise, and the class where there are classes, to images.

    Parameters
    ----------
    classes : int
        0 for a generator that is not told what to draw. Else it takes the noise and one column
        for each class, side by side: shape (n, LATENT + classes).
    side : int
        Height and width of its images: 14 or 28.
    filters : int
        Of the layer before the last, at 28 pixels; the first layer has twice as many.
    """
    checks.one_of("side", side, (14, 28))
    normal = keras.initializers.RandomNormal(stddev=0.05)
    up = {"strides": 2, "padding": "same", "kernel_initializer": normal}
    stages: list[Any] = [keras.Input((LATENT + classes,))]
    stages.append(layers.Dense(7 * 7 * 2 * filters, use_bias=False))
    stages += [layers.BatchNormalization(momentum=0.9), layers.ReLU()]
    stages.append(layers.Reshape((7, 7, 2 * filters)))
    if side == 28:
        stages.append(layers.Conv2DTranspose(filters, 4, use_bias=False, **up))  # 14 x 14
        stages += [layers.BatchNormalization(momentum=0.9), layers.ReLU()]
    stages.append(layers.Conv2DTranspose(1, 4, activation="sigmoid", **up))
    return keras.Sequential(stages, name="generator")


def discriminator(*, classes: int = 0, side: int = 28, filters: int = 16) -> keras.Model:
    """Return an untrained discriminator: an image, and its class, to one logit (real above 0).

    With classes the logit is w · f + v_y · f + b, where f are the image's features and v_y is a
    vector of the class y: Miyato and Koyama's projection.
    """
    image = keras.Input((side, side, 1))
    down = {"strides": 2, "padding": "same"}
    features = layers.LeakyReLU(LEAK)(layers.Conv2D(filters, 4, **down)(image))
    features = layers.Conv2D(2 * filters, 4, **down)(features)
    features = layers.BatchNormalization(momentum=0.9)(features)
    features = layers.Flatten()(layers.LeakyReLU(LEAK)(features))
    logit = layers.Dense(1)(features)
    if not classes:
        return keras.Model(image, logit, name="discriminator")
    chosen = keras.Input((classes,))
    vector = layers.Dense(features.shape[-1], use_bias=False, kernel_initializer="zeros")(chosen)
    logit = layers.Add()([logit, layers.Dot(1)([vector, features])])
    return keras.Model([image, chosen], logit, name="discriminator")


class Game(keras.Model):
    """Both networks, trained by one `fit` on real images: each step moves both at once.

    The discriminator lowers its cross-entropy, real against drawn. The generator lowers
    -log D(G(z)), the loss that does not fade, with the discriminator's weights held still.

    Parameters
    ----------
    generator, discriminator : keras.Model
    classes : int
        As they were made with. With classes, `fit` takes images and one column for each class.
    frozen : bool
        Train the generator alone.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        classes: int = 0,
        frozen: bool = False,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.generator, self.discriminator = generator, discriminator
        self.classes, self.frozen = classes, frozen
        self.noise = keras.random.SeedGenerator(seed)
        self.d_loss = keras.metrics.Mean(name="d_loss")
        self.g_loss = keras.metrics.Mean(name="g_loss")

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Play one round: add both losses, return the logits of the real and the drawn images."""
        real, told = (inputs[0], [inputs[1]]) if self.classes else (inputs, [])
        z = keras.random.normal((ops.shape(real)[0], LATENT), seed=self.noise)
        drawn = self.generator(ops.concatenate([z, *told], axis=1), training=training)
        fooled = self._held_still(drawn, told, training)
        g_loss = ops.mean(ops.softplus(-fooled))
        self.g_loss.update_state(g_loss)
        self.add_loss(g_loss)
        if self.frozen:
            return fooled
        judged = (
            self._judge(real, told, training),
            self._judge(ops.stop_gradient(drawn), told, training),
        )
        d_loss = cross_entropy(*judged)
        self.d_loss.update_state(d_loss)
        self.add_loss(d_loss)
        return ops.concatenate(judged, axis=1)

    def _judge(self, images: Any, told: list[Any], training: bool) -> Any:
        return self.discriminator([images, *told] if told else images, training=training)

    def _held_still(self, images: Any, told: list[Any], training: bool) -> Any:
        """Return the discriminator's logits such that no gradient reaches its weights."""
        still = [ops.stop_gradient(w) for w in self.discriminator.trainable_variables]
        others = self.discriminator.non_trainable_variables
        given = [images, *told] if told else images
        return self.discriminator.stateless_call(still, others, given, training=training)[0]


def cross_entropy(real: Any, drawn: Any) -> Any:
    """Return the discriminator's loss from its logits; a real image counts as `REAL_LABEL`."""
    right = REAL_LABEL * ops.softplus(-real) + (1 - REAL_LABEL) * ops.softplus(real)
    return ops.mean(right) + ops.mean(ops.softplus(drawn))


def game(
    *, rate: float, classes: int = 0, side: int = 28, filters: int = 16, seed: int = 0
) -> Game:
    """Return a compiled game of two untrained networks."""
    shape = {"classes": classes, "side": side, "filters": filters}
    played = Game(generator(**shape), discriminator(**shape), classes=classes, seed=seed)
    played.compile(keras.optimizers.Adam(rate, beta_1=0.5))
    return played


def draw(
    model: keras.Model,
    n: int,
    rng: np.random.Generator,
    labels: Labels | None = None,
    classes: int = 0,
) -> Images:
    """Return n images of a generator, shape (n, side, side, 1); of given classes, if it has any."""
    z = rng.standard_normal((n, LATENT), dtype=np.float32)
    if labels is not None:
        z = np.concatenate([z, np.eye(classes, dtype=np.float32)[labels]], axis=1)
    parts = [ops.convert_to_numpy(model(z[i : i + 500], training=False)) for i in range(0, n, 500)]
    return np.concatenate(parts)


def balanced_rows(labels: Labels, n: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Return n rows: first a class by chance, each alike, then one of its rows by chance.

    Examples
    --------
    >>> rows = balanced_rows(np.array([0, 0, 0, 1]), 1000, np.random.default_rng(0))
    >>> bool(450 < np.sum(rows == 3) < 550)
    True
    """
    order = np.argsort(labels, kind="stable")
    counts = np.bincount(labels)
    present = np.flatnonzero(counts)
    chosen = rng.choice(present, n)
    starts = np.cumsum(counts) - counts
    return order[starts[chosen] + (rng.random(n) * counts[chosen]).astype(int)]


def freeze(played: Game, *, rate: float, seed: int = 0) -> Game:
    """Return a compiled game of the same two networks in which only the generator learns."""
    played.discriminator.trainable = False
    frozen = Game(
        played.generator, played.discriminator, classes=played.classes, frozen=True, seed=seed
    )
    frozen.compile(keras.optimizers.Adam(rate, beta_1=0.5))
    return frozen


def arrays(*networks: keras.Model) -> dict[str, npt.NDArray[np.float32]]:
    """Return the weights of networks by name, in the order of their layers."""
    return {
        f"{network.name}/{number:02d}": weight.numpy()
        for network in networks
        for number, weight in enumerate(network.weights)
    }


def trained(name: str = "dcgan") -> tuple[keras.Model, keras.Model]:
    """Return the generator and the discriminator with the weights that travel with the course."""
    made, stored = (generator(), discriminator()), weights.load(name)
    for network in made:
        own = [value for key, value in stored.items() if key.startswith(f"{network.name}/")]
        network.set_weights(own)
    return made
