"""Small GPTs trained for a budget: the compiled steps are plain ones, and no window comes twice."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from bmcourse.recipes.language import costs, scaling
from bmcourse.recipes.language.austen import Splits

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="compiles with TensorFlow"
)
STEP = scaling.BATCH * scaling.CONTEXT


@pytest.fixture(scope="module")
def data() -> scaling.Characters:
    rng = np.random.default_rng(0)
    parts = ["".join(rng.choice(list("abcde"), 20_000)) for _ in range(3)]
    return scaling.Characters(Splits(*parts, novel=""))


@pytest.fixture(scope="module")
def trainer(data: scaling.Characters) -> scaling.Trainer:
    return scaling.Trainer(data, data.shapes[0])


def test_characters_and_windows(data: scaling.Characters) -> None:
    assert data.characters == "abcde"
    x, y = data.windows("training")
    assert x.shape == y.shape == (19_999 // scaling.CONTEXT, scaling.CONTEXT)
    np.testing.assert_array_equal(x.ravel()[1:], y.ravel()[:-1])


def test_unknown_characters_count_as_the_first() -> None:
    data = scaling.Characters(Splits("ab" * 100, "aXb" * 100, "b" * 100, ""))
    np.testing.assert_array_equal(data.ids["validation"][:3], [0, 0, 1])


def test_a_budget_pays_for_its_steps(data: scaling.Characters) -> None:
    step = STEP * costs.training_flops(data.shapes[0])
    assert [scaling.steps_for(n * step, data.shapes[0]) for n in (0.1, 7, 41)] == [4, 8, 40]
    with pytest.raises(ValueError, match="budget"):
        scaling.steps_for(0, data.shapes[0])


def test_training_takes_plain_steps_of_adam(
    data: scaling.Characters, trainer: scaling.Trainer
) -> None:
    import tensorflow as tf

    trainer.train(9e6, 0.01, 5)  # what was trained before leaves no trace
    told = trainer.train(12 * STEP * costs.training_flops(trainer.shape), 0.01, 3)
    assert told == {"steps": 12, "tokens": 12 * STEP}
    found = trainer.model.get_weights()
    rng = np.random.default_rng(3)
    trainer.model.set_weights(
        [rng.normal(0, 5 * w.std(), w.shape) if w.std() else w for w in trainer._first]
    )
    optimizer = keras.optimizers.Adam(1e-3, beta_2=0.99, global_clipnorm=1.0)
    x, y = data.windows("training")
    order = rng.permutation(len(x))[: 12 * scaling.BATCH].reshape(12, scaling.BATCH)
    loss: Any = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for part, share in zip(order, scaling.warm_up_then_cosine(12), strict=True):
        optimizer.learning_rate = 0.01 * share
        with tf.GradientTape() as tape:
            value = loss(y[part], trainer.model(x[part], training=True))
        weights = trainer.model.trainable_variables
        optimizer.apply(tape.gradient(value, weights), weights)
    for ours, plain in zip(found, trainer.model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, plain, atol=1e-5)


def test_the_loss_is_keras_s_in_nats(data: scaling.Characters, trainer: scaling.Trainer) -> None:
    x, y = (windows[::6] for windows in data.windows("ends"))
    loss: Any = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    assert trainer.loss("ends") == pytest.approx(float(loss(y, trainer.model(x))), abs=1e-5)


def test_a_schedule_rises_and_falls() -> None:
    shares = scaling.warm_up_then_cosine(100)
    assert shares.argmax() in (4, 5)
    assert shares[0] == pytest.approx(0.2)
    assert shares[-1] == pytest.approx(0.05, abs=0.001)
    assert len(scaling.warm_up_then_cosine(1)) == 1
