"""Mel filters and cepstra against TensorFlow's and SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import fft

from bmcourse import sound


@pytest.mark.parametrize(("filters", "length", "rate"), [(20, 256, 8000), (13, 512, 16000)])
def test_the_filters_are_tensorflows(filters: int, length: int, rate: int) -> None:
    import tensorflow as tf

    theirs = tf.signal.linear_to_mel_weight_matrix(
        filters, length // 2 + 1, rate, 80.0, rate / 2, dtype=tf.float64
    )
    ours = sound.mel_filters(filters, length, rate)
    np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-6)


def test_the_cepstra_are_tensorflows() -> None:
    import tensorflow as tf

    wave = np.random.default_rng(0).uniform(-1, 1, 2000)
    logs = sound.log_mel(wave, 8000)
    theirs = tf.signal.mfccs_from_log_mel_spectrograms(tf.constant(logs)).numpy()[:, :13]
    # TensorFlow scales all coefficients by sqrt(2 / m), the first one too.
    theirs[:, 0] /= np.sqrt(2)
    np.testing.assert_allclose(sound.cepstra(wave, 8000), theirs, atol=1e-9)


@pytest.mark.parametrize(("m", "keep"), [(1, 1), (5, 3), (20, 20)])
def test_the_cosine_transform_is_scipys(m: int, keep: int) -> None:
    x = np.random.default_rng(m).normal(size=(4, m))
    expected = fft.dct(x, type=2, norm="ortho", axis=1)[:, :keep]
    np.testing.assert_allclose(sound.cosine_transform(x, keep), expected, atol=1e-12)


def test_silence_has_finite_cepstra_and_a_short_sound_has_one_frame() -> None:
    assert np.isfinite(sound.cepstra(np.zeros(300), 8000)).all()
    assert sound.cepstra(np.ones(10), 8000).shape == (1, 13)


def test_the_scale_goes_there_and_back() -> None:
    f = np.linspace(0, 4000, 9)
    np.testing.assert_allclose(sound.mel_to_hertz(sound.hertz_to_mel(f)), f, atol=1e-9)
    assert sound.hertz_to_mel(1000.0) == pytest.approx(1000, abs=0.1)


def test_between_its_ends_each_column_is_shared_out() -> None:
    weights = sound.mel_filters(20, 256, 8000)
    columns = sound.hertz_to_mel(np.arange(129) * 8000 / 256)
    edges = np.linspace(sound.hertz_to_mel(80.0), sound.hertz_to_mel(4000.0), 22)
    inside = (columns >= edges[1]) & (columns <= edges[-2])
    assert inside.sum() > 100
    np.testing.assert_allclose(weights[inside].sum(axis=1), 1, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: sound.hertz_to_mel(-1.0), "hertz must be at least 0, got -1"),
        (lambda: sound.mel_filters(20, 256, 8000, high=5000), "high must be .* at most 4000"),
        (lambda: sound.mel_filters(20, 256, 8000, low=5000), "high must be"),
        (lambda: sound.mel_filters(100, 256, 8000), "so few that each meets a column"),
        (lambda: sound.mel_filters(20, 256, 0), "rate must be"),
        (lambda: sound.cosine_transform([[1.0, 2.0]], 3), "at most the length of a row, 2"),
        (lambda: sound.cosine_transform([1.0, 2.0], 1), "rows must be an array with 2"),
        (lambda: sound.cepstra([], 8000), "wave must be an array that is not empty"),
    ],
)
def test_bad_input_is_named(call: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        call()  # type: ignore[operator]
