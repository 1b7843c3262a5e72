"""The networks that read words, and the mean of word vectors."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from bmcourse.datasets import WordVectors
from bmcourse.recipes import text as recipes


def toy_task(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Sentences of 8 words, two of them padding; the label says whether word 5 comes."""
    rng = np.random.default_rng(seed)
    ids = rng.integers(1, 20, (n, 30))
    ids[:, 25:] = 0
    return ids.astype(np.int32), (ids == 5).any(axis=1).astype(int)


def test_as_printed_has_three_inputs_and_uses_one() -> None:
    model = recipes.as_printed(30, 20, 8)
    assert [tuple(entry.shape) for entry in model.inputs] == [(None, 30)] * 3
    names = [type(layer).__name__ for layer in model.layers]
    assert names.count("Conv1D") == names.count("MaxPooling1D") == names.count("Dropout") == 2
    ids, _ = toy_task(3, 0)
    one, other = (model.predict([ids, mask, mask], verbose=0) for mask in (ids, 0 * ids))
    assert np.array_equal(one, other)


def test_its_default_sizes_are_those_of_the_article() -> None:
    model = recipes.as_printed(48)
    embedding = next(x for x in model.layers if isinstance(x, keras.layers.Embedding))
    assert (embedding.input_dim, embedding.output_dim) == (32_000, 768)
    rates = [layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    assert rates == [0.1, 0.1]


def test_padding_does_not_change_the_mean_network() -> None:
    keras.utils.set_random_seed(0)
    model = recipes.mean_of_embeddings(6, 10, width=4)
    ids = np.array([[3, 4, 0, 0, 0, 0]])
    longer = recipes.mean_of_embeddings(12, 10, width=4)
    longer.set_weights(model.get_weights())
    wide = np.pad(ids, ((0, 0), (0, 6)))
    np.testing.assert_allclose(model(ids), longer(wide), rtol=1e-6)


def test_the_order_of_words_changes_the_convolution_alone() -> None:
    ids = np.array([[3, 4, 5, 6, 7, 8]])
    keras.utils.set_random_seed(0)
    mean, conv = recipes.mean_of_embeddings(6, 10), recipes.convolution(6, 10)
    np.testing.assert_allclose(mean(ids), mean(ids[:, ::-1]), rtol=1e-5)
    assert abs(float(conv(ids)[0, 0]) - float(conv(ids[:, ::-1])[0, 0])) > 1e-6


@pytest.mark.parametrize("build", [recipes.convolution, recipes.mean_of_embeddings])
def test_fit_learns_and_keeps_the_best_epoch(build: object) -> None:
    keras.utils.set_random_seed(1)
    training, validation = toy_task(600, 1), toy_task(200, 2)
    model = build(30, 20, width=8)  # type: ignore[operator]
    best = recipes.fit(model, training, validation, learning_rate=0.02, epochs=8)
    right = (model.predict(validation[0], verbose=0)[:, 0] > 0.5) == validation[1]
    assert right.mean() == pytest.approx(best, abs=1e-6)
    assert best > max(validation[1].mean(), 1 - validation[1].mean()) + 0.05


def test_mean_vectors() -> None:
    table = np.array([[1.0, 2.0], [3.0, 6.0]], np.float32)
    vectors = WordVectors("", "", "", ["a", "b"], table, {"a": 0, "b": 1})
    found = recipes.mean_vectors([["a", "b"], ["b", "unknown"], ["unknown"], []], vectors)
    np.testing.assert_array_equal(found, [[2, 4], [3, 6], [0, 0], [0, 0]])


def test_paired_gap_against_a_plain_count() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.integers(0, 2, (6, 400)), rng.integers(0, 2, (4, 400))
    found = recipes.paired_gap(a, b, rng=0, repeats=300)
    gaps = 100 * (a[:4].mean(axis=1) - b.mean(axis=1))
    assert found.points == pytest.approx(gaps.mean())
    assert (found.ahead, found.draws) == ((gaps > 0).sum(), 4)
    assert found.low < found.points < found.high
    turned = recipes.paired_gap(b, a[:4], rng=0, repeats=300)
    assert turned.points == pytest.approx(-found.points)


def test_paired_gap_covers_both_kinds_of_luck() -> None:
    """A gap that differs between draws, or between texts, widens the interval."""
    same = np.zeros((10, 500))
    texts, draws = same.copy(), same.copy()
    texts[:, ::2] = 1
    draws[::2] = 1
    for a in (texts, draws):
        found = recipes.paired_gap(a, same, rng=0, repeats=400)
        assert found.points == 50
        assert found.high - found.low > 5
    assert recipes.paired_gap(same, same, rng=0, repeats=10).high == 0
    with pytest.raises(ValueError, match="500 test texts"):
        recipes.paired_gap(same, same[:, :3], rng=0)


def test_fit_goes_back_to_the_best_epoch() -> None:
    """Labels by a coin: the accuracy on the validation texts wanders, and the last is not best."""
    rng = np.random.default_rng(5)
    for seed in range(3):
        keras.utils.set_random_seed(seed)
        ids, other = toy_task(120, seed)[0], toy_task(200, seed + 9)[0]
        labels, coins = rng.integers(0, 2, 120), rng.integers(0, 2, 200)
        model = recipes.mean_of_embeddings(30, 20, width=8)
        best = recipes.fit(model, (ids, labels), (other, coins), learning_rate=0.05, epochs=10)
        right = (model.predict(other, verbose=0)[:, 0] > 0.5) == coins
        assert right.mean() == pytest.approx(best, abs=1e-6)
