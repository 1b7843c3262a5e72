"""GPT in our layers: equal to Keras, and how it writes."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from bmcourse.recipes.language.numpy_gpt import numpy_gpt, write


def weights(model: Any) -> dict[str, Any]:
    return {w.path: keras.ops.convert_to_numpy(w) for w in model.weights}


def test_both_give_the_same_logits(model: Any, ids: Any) -> None:
    ours = numpy_gpt(weights(model), heads=4).forward(ids)
    np.testing.assert_allclose(ours, model.predict_on_batch(ids), atol=1e-4)


def test_writing_goes_on_from_the_last_ids(model: Any, ids: Any) -> None:
    ours = numpy_gpt(weights(model), heads=4)
    given: list[Any] = []

    def in_turn(logits: Any) -> Any:
        given.append(logits)
        return np.eye(11)[[len(given) % 11, 5]]

    written = write(ours, ids[:2, :3], 9, in_turn, np.random.default_rng(0), context=6)
    np.testing.assert_array_equal(written[:, :3], ids[:2, :3])
    np.testing.assert_array_equal(written[:, 3:], [[1, 2, 3, 4, 5, 6, 7, 8, 9], [5] * 9])
    for place, logits in enumerate(given, start=3):
        seen = written[:, max(0, place - 6) : place]
        np.testing.assert_allclose(logits, model.predict_on_batch(seen)[:, -1], atol=1e-4)


def test_a_prompt_without_batch_is_refused(model: Any) -> None:
    ours = numpy_gpt(weights(model), heads=4)
    with pytest.raises(ValueError, match="prompt must be of shape"):
        write(ours, [1, 2], 1, lambda logits: logits, np.random.default_rng(0), context=6)
