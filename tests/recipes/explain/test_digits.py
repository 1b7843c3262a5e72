"""The digits' networks: gradients against differences, guided ReLU, shuffled weights, the mark."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse import weights
from bmcourse.recipes.explain import digits


def stored() -> dict[str, np.ndarray]:
    return {k: np.asarray(v, np.float32) for k, v in weights.load("digits_cnn").items()}


def test_gradient_against_differences() -> None:
    rng = np.random.default_rng(0)
    x = rng.random((2, 28, 28, 1))
    judged = digits.Judged(digits.article_network(stored()), np.array([3, 7]))
    found, step = judged.gradient(x), 1e-3
    slopes = []
    for place in [(5, 9), (14, 14), (20, 8)]:
        up, down = x.copy(), x.copy()
        up[:, *place, 0] += step
        down[:, *place, 0] -= step
        slopes.append((judged.logit(up) - judged.logit(down)) / (2 * step))
    expected = np.transpose(slopes)
    theirs = found[:, [5, 14, 20], [9, 14, 8], 0]
    np.testing.assert_allclose(theirs, expected, atol=0.03 * abs(found).max())


def test_probability_is_that_of_the_class() -> None:
    x = np.random.default_rng(1).random((3, 28, 28, 1)).astype(np.float32)
    model, classes = digits.article_network(stored()), np.array([1, 0, 9])
    judged = digits.Judged(model, classes)
    logits = model.forward(x).astype(float)
    every = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(judged.probability(x), every[range(3), classes], rtol=1e-5)
    np.testing.assert_allclose(judged.logit(x), logits[range(3), classes])


def test_guided_answers_alike_and_hands_back_only_what_is_positive() -> None:
    x = np.random.default_rng(2).random((2, 28, 28, 1)).astype(np.float32)
    plain, guided = (digits.article_network(stored(), guided) for guided in (False, True))
    np.testing.assert_array_equal(plain.forward(x), guided.forward(x))
    relu = digits.GuidedReLU()
    relu.forward(np.array([[-1.0, 2.0, 3.0]]), training=True)
    np.testing.assert_array_equal(relu.backward(np.array([[5.0, 6.0, -7.0]])), [[0, 6, 0]])


def test_shuffled_keeps_the_numbers_and_the_first_arrays() -> None:
    before = {"a": np.arange(50.0), "b": np.arange(60.0).reshape(6, 10), "c": np.arange(7.0)}
    everything, last = digits.shuffled(before, 0), digits.shuffled(before, 0, last=2)
    for name, values in before.items():
        np.testing.assert_array_equal(np.sort(everything[name], axis=None), values.ravel())
        assert (everything[name] != values).any()
    np.testing.assert_array_equal(last["a"], before["a"])
    assert (last["b"] != before["b"]).any()
    np.testing.assert_array_equal(before["c"], np.arange(7.0))


def test_mark() -> None:
    x = np.zeros((3, 14, 14, 1), np.float32)
    found = digits.marked(x, [0, 2])
    assert found.sum(axis=(1, 2, 3)).tolist() == [4, 0, 4]
    assert found[0, 1:3, 1:3].min() == 1
    assert x.sum() == 0


def test_training_depends_on_the_seed_alone() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.random((128, 14, 14, 1), np.float32), rng.integers(10, size=128)
    one, two, other = (digits.train_small(x, y, seed, epochs=1).forward(x) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, two)
    assert (one != other).any()


def test_refuses_weights_of_another_network() -> None:
    wrong = stored()
    first = next(iter(wrong))
    wrong[first] = wrong[first][..., :4]
    with pytest.raises(ValueError, match="weights"):
        digits.article_network(wrong)
