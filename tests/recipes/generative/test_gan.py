"""The game of two networks: its losses by hand, who moves, and how classes are told."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

from bmcourse.recipes.generative import gan


def softplus(x: np.ndarray) -> np.ndarray:
    return np.logaddexp(0, x)


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(0).random((32, 14, 14, 1), dtype=np.float32)


def small(classes: int = 0) -> gan.Game:
    keras.utils.set_random_seed(0)
    return gan.game(rate=1e-2, side=14, filters=4, classes=classes)


def values(network: keras.Model) -> list[np.ndarray]:
    return [weight.numpy().copy() for weight in network.trainable_variables]


@pytest.mark.parametrize("side", [14, 28])
def test_shapes(side: int) -> None:
    made = gan.draw(gan.generator(side=side, filters=4), 3, np.random.default_rng(0))
    assert made.shape == (3, side, side, 1)
    assert 0 <= made.min() < made.max() <= 1
    assert gan.discriminator(side=side, filters=4)(made).shape == (3, 1)


def test_the_side_is_one_of_two() -> None:
    with pytest.raises(ValueError, match="side"):
        gan.generator(side=20)


def test_cross_entropy_with_a_softened_label() -> None:
    real, drawn = np.array([[2.0], [-1.0]]), np.array([[0.5], [3.0]])
    p, q = 1 / (1 + np.exp(-real)), 1 / (1 + np.exp(-drawn))
    expected = -np.mean(0.9 * np.log(p) + 0.1 * np.log(1 - p)) - np.mean(np.log(1 - q))
    found = gan.cross_entropy(ops.convert_to_tensor(real), ops.convert_to_tensor(drawn))
    assert float(found) == pytest.approx(expected, rel=1e-6)


def test_one_fit_moves_both_and_reports_both_losses(images: np.ndarray) -> None:
    game = small()
    before = values(game.generator), values(game.discriminator)
    history = game.fit(images, batch_size=16, verbose=0).history
    assert history["d_loss"][0] > 0
    assert history["g_loss"][0] > 0
    for network, old in zip((game.generator, game.discriminator), before, strict=True):
        assert all(np.abs(a - b).max() > 0 for a, b in zip(values(network), old, strict=True))


def test_the_losses_reach_their_own_network_only(images: np.ndarray) -> None:
    import tensorflow as tf

    game = small()
    game(images)  # built
    with tf.GradientTape(persistent=True) as tape:
        game(tf.constant(images), training=True)
        g_loss, d_loss = game.losses
    of_d = tape.gradient(g_loss, game.discriminator.trainable_variables)
    of_g = tape.gradient(d_loss, game.generator.trainable_variables)
    assert of_d == [None] * len(of_d)
    assert of_g == [None] * len(of_g)
    assert None not in tape.gradient(g_loss, game.generator.trainable_variables)


def test_the_generators_loss_does_not_fade(images: np.ndarray) -> None:
    game = small()
    game(images)
    last = game.discriminator.layers[-1]
    kernel, _ = last.get_weights()
    last.set_weights([0 * kernel, np.array([-30.0])])  # sure that everything is drawn
    game(images)
    assert float(game.losses[0]) == pytest.approx(30, rel=1e-5)


def test_frozen_moves_the_generator_alone(images: np.ndarray) -> None:
    game = small()
    game.fit(images, batch_size=16, verbose=0)
    frozen = gan.freeze(game, rate=1e-2)
    critic, artist = values(game.discriminator), values(game.generator)
    critic += [w.numpy().copy() for w in game.discriminator.non_trainable_variables]
    frozen.fit(images, batch_size=16, verbose=0)
    now = [w.numpy() for w in game.discriminator.weights]
    old = {a.tobytes() for a in critic}
    assert all(a.tobytes() in old for a in now)
    assert any(np.abs(a - b).max() > 0 for a, b in zip(values(game.generator), artist, strict=True))


def test_classes_change_the_drawing_and_the_logit(images: np.ndarray) -> None:
    game = small(classes=3)
    told = np.eye(3, dtype=np.float32)[np.arange(32) % 3]
    for _ in range(3):
        game.fit([images, told], batch_size=16, verbose=0)
    rng = np.random.default_rng
    first, second = (gan.draw(game.generator, 2, rng(0), np.full(2, c), 3) for c in (0, 1))
    assert np.abs(first - second).max() > 1e-3
    logits = [game.discriminator([images, np.roll(told, k, axis=1)]).numpy() for k in (0, 1)]
    assert np.abs(logits[0] - logits[1]).max() > 1e-5


def test_balanced_rows_show_each_class_alike() -> None:
    labels = np.array([2] * 3 + [0] * 96 + [5])
    rows = gan.balanced_rows(labels, 6_000, np.random.default_rng(0))
    counts = np.bincount(labels[rows], minlength=6)
    assert counts.sum() == 6_000
    assert np.abs(counts[[0, 2, 5]] - 2_000).max() < 200
    assert np.unique(rows[labels[rows] == 0]).size == 96


def test_arrays_bring_both_networks_back() -> None:
    game = small()
    kept = gan.arrays(game.generator, game.discriminator)
    assert next(iter(kept)) == "generator/00"
    other = small()
    for network in (other.generator, other.discriminator):
        network.set_weights([v for k, v in kept.items() if k.startswith(network.name)])
    for a, b in zip(values(game.generator), values(other.generator), strict=True):
        np.testing.assert_array_equal(a, b)
