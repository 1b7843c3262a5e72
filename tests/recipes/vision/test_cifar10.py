from __future__ import annotations

import keras
import numpy as np
import pytest

from bmcourse.recipes.vision import cifar10


def test_input_keeps_the_colours() -> None:
    images = np.zeros((1, 2, 1, 3), dtype=np.uint8)
    images[0, 1, 0] = (0, 51, 255)
    x = cifar10.as_input(images)
    assert (x.shape, x.dtype) == ((1, 2, 1, 3), np.float32)
    np.testing.assert_allclose(x[0, 1, 0], [0, 0.2, 1], rtol=1e-6)


def test_article_model_is_the_articles() -> None:
    model = cifar10.article_model()
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["Conv2D", "MaxPooling2D"] * 2 + ["Flatten", "Dense", "Dense"]
    assert model.output_shape == (None, 10)
    assert model.count_params() == 896 + 18_496 + (6 * 6 * 64 + 1) * 64 + 65 * 10


def first_loss(output: str) -> str:
    keras.utils.set_random_seed(3)
    model = cifar10.article_model(output=output)  # type: ignore[arg-type]
    rng = np.random.default_rng(0)
    x, y = rng.random((32, 32, 32, 3), dtype=np.float32), rng.integers(0, 10, 32)
    logits = keras.Sequential(model.layers[:6])(x) @ model.layers[6].kernel
    probabilities = keras.ops.convert_to_numpy(keras.ops.softmax(logits))
    again = np.exp(probabilities) / np.exp(probabilities).sum(axis=1, keepdims=True)
    expected = {"once": probabilities, "twice": again}
    loss = {name: -np.log(p[np.arange(32), y]).mean() for name, p in expected.items()}
    measured = float(model.train_on_batch(x, y)[0])
    return "once" if abs(measured - loss["once"]) < abs(measured - loss["twice"]) else "twice"


@pytest.mark.filterwarnings("ignore:.*does not represent logits")
@pytest.mark.parametrize(
    ("output", "softmax"), [("logits", "once"), ("printed", "once"), ("twice", "twice")]
)
def test_how_often_softmax_is_applied(output: str, softmax: str) -> None:
    """On TensorFlow, Keras takes the article's second softmax back."""
    assert first_loss(output) == softmax


def test_refuses_another_output() -> None:
    with pytest.raises(ValueError, match="output must be"):
        cifar10.article_model(output="none")  # type: ignore[arg-type]
