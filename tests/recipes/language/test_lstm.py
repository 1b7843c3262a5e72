"""The LSTM language model in Keras."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from bmcourse.recipes.language.lstm import lstm


def test_the_lstm_reads_from_left_to_right(ids: Any) -> None:
    keras.utils.set_random_seed(0)
    model = lstm(vocabulary=11, units=8)
    other = ids.copy()
    other[:, 3:] = (other[:, 3:] + 1) % 11
    first, second = (model.predict_on_batch(given) for given in (ids, other))
    assert first.shape == (3, 6, 11)
    np.testing.assert_allclose(first[:, :3], second[:, :3], atol=1e-6)
    assert np.abs(first[:, 3:] - second[:, 3:]).max() > 1e-4
