from __future__ import annotations

import keras
import numpy as np
import pytest

from bmcourse.recipes import cifar10


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


@pytest.mark.parametrize(("twice", "activation"), [(False, "linear"), (True, "softmax")])
def test_softmax_is_doubled_only_on_request(twice: bool, activation: str) -> None:
    model = cifar10.article_model(softmax_twice=twice)
    assert model.layers[-1].activation is keras.activations.get(activation)
    assert model.loss.from_logits
