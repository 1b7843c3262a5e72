"""BERT's body and heads: what a place may see, what the heads read."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from bmcourse.recipes.language import bert

IDS = np.random.default_rng(0).integers(bert.SPECIALS, 30, (2, 7)).astype(np.int32)


@pytest.fixture(scope="module")
def body() -> Any:
    keras.utils.set_random_seed(0)
    return bert.encoder(vocabulary=30, features=8, blocks=2, heads=2, stddev=0.5)


def test_each_place_sees_both_sides_and_no_padding(body: Any) -> None:
    ids = IDS.copy()
    ids[:, 5:] = bert.PADDING
    before = body.predict_on_batch([ids, 0 * ids])
    changed = ids.copy()
    changed[0, 3] = 9 if ids[0, 3] != 9 else 10
    after = body.predict_on_batch([changed, 0 * ids])
    assert np.abs(after - before)[0, :5].max(axis=1).min() > 1e-4  # earlier and later places
    shorter = body.predict_on_batch([ids[:, :5], 0 * ids[:, :5]])
    np.testing.assert_allclose(shorter, before[:, :5], atol=1e-5)


def test_segments_are_read(body: Any) -> None:
    one, two = (body.predict_on_batch([IDS, segment + 0 * IDS]) for segment in (0, 1))
    assert np.abs(one - two).max() > 1e-3


def test_heads_read_the_masked_places_and_the_first(body: Any) -> None:
    model = bert.pretraining(body)
    places = np.array([[1, 4], [2, 2]], np.int32)
    found = model.predict_on_batch([IDS, 0 * IDS, places])
    assert found["masked"].shape == (2, 2, 30)
    assert found["next"].shape == (2, 1)
    np.testing.assert_allclose(found["masked"][1, 0], found["masked"][1, 1], rtol=1e-5)
    swapped = model.predict_on_batch([IDS, 0 * IDS, places[:, ::-1]])
    np.testing.assert_allclose(swapped["masked"][0], found["masked"][0, ::-1], rtol=1e-5, atol=1e-5)
    weights = {weight.path: np.array(weight) for weight in model.weights}
    vectors = body.predict_on_batch([IDS, 0 * IDS])[:, 0]
    hidden = np.tanh(vectors @ weights["pooler/kernel"] + weights["pooler/bias"])
    expected = hidden @ weights["next/kernel"] + weights["next/bias"]
    np.testing.assert_allclose(found["next"], expected, rtol=1e-4, atol=1e-5)


def test_without_next_sentence_there_is_one_head(body: Any) -> None:
    assert list(bert.pretraining(body, next_sentence=False).output) == ["masked"]


def test_classifier_reads_the_mean_without_padding(body: Any) -> None:
    model = bert.classifier(body)
    kernel = np.arange(8.0)[:, np.newaxis]
    model.get_layer("label").set_weights([kernel, np.array([0.5])])
    ids = IDS.copy()
    ids[1, 4:] = bert.PADDING
    vectors = body.predict_on_batch([ids, 0 * ids])
    means = [vectors[0].mean(axis=0), vectors[1, :4].mean(axis=0)]
    found = model.predict_on_batch([ids, 0 * ids])
    np.testing.assert_allclose(found, np.array(means) @ kernel + 0.5, rtol=1e-4, atol=1e-4)


def test_no_room_for_ids_is_refused() -> None:
    with pytest.raises(ValueError, match="vocabulary"):
        bert.encoder(vocabulary=4, features=8, blocks=1, heads=2)
