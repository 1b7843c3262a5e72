"""GPT in Keras: causal, as large as the formula says, and nearly uniform at first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np

from bmcourse.recipes.language.gpt import gpt


def test_no_place_sees_a_later_one(model: Any, ids: Any) -> None:
    other = ids.copy()
    other[:, 3:] = (other[:, 3:] + 1) % 11
    first, second = (model.predict_on_batch(given) for given in (ids, other))
    np.testing.assert_allclose(first[:, :3], second[:, :3], atol=1e-5)
    assert np.abs(first[:, 3:] - second[:, 3:]).max() > 0.1


def test_it_is_as_large_as_its_parts(model: Any, rotary: bool) -> None:
    d = 8
    places = 0 if rotary else 6 * d
    assert model.count_params() == 11 * d + places + 2 * (12 * d**2 + 13 * d) + 2 * d


def test_an_untrained_one_knows_nothing(settings: dict[str, int], ids: Any) -> None:
    keras.utils.set_random_seed(1)
    logits = gpt(**settings).predict_on_batch(ids)
    assert np.abs(logits).max() < 0.5  # the loss starts near log(11)


def test_it_survives_saving(model: Any, ids: Any, tmp_path: Path) -> None:
    model.save(tmp_path / "gpt.keras")
    again = keras.models.load_model(tmp_path / "gpt.keras")
    np.testing.assert_allclose(again.predict_on_batch(ids), model.predict_on_batch(ids), atol=1e-6)
