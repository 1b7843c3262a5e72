"""Fourier, frames and windows against NumPy and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from bmcourse import sound


@pytest.mark.parametrize("n", [1, 2, 3, 8, 15])
def test_the_transform_is_numpys(n: int) -> None:
    x = np.random.default_rng(n).normal(size=n)
    np.testing.assert_allclose(sound.dft(x), np.fft.fft(x), atol=1e-12)


def test_rows_of_the_matrix_stand_at_right_angles() -> None:
    f = sound.dft_matrix(6)
    np.testing.assert_allclose(f @ f.conj().T, 6 * np.eye(6), atol=1e-12)


@pytest.mark.parametrize("length", [1, 4, 7, 256])
def test_the_window_is_scipys(length: int) -> None:
    expected = signal.get_window("hann", length) if length > 1 else [0.0]
    np.testing.assert_allclose(sound.hann(length), expected, atol=1e-15)


@pytest.mark.parametrize(("n", "length", "hop"), [(10, 4, 3), (9, 4, 5), (4, 4, 1), (3, 5, 2)])
def test_frames_are_those_of_a_loop(n: int, length: int, hop: int) -> None:
    wave = np.arange(1, n + 1)
    full = np.pad(wave, (0, max(0, length - n)))
    expected = [full[i : i + length] for i in range(0, len(full) - length + 1, hop)]
    np.testing.assert_array_equal(sound.frames(wave, length, hop), expected)


def test_the_spectrogram_is_scipys() -> None:
    wave = np.random.default_rng(0).normal(size=1000)
    short = signal.ShortTimeFFT(signal.get_window("hann", 64), hop=32, fs=8000)
    theirs = np.abs(short.stft(wave)) ** 2  # (frequencies, frames), more frames at both ends
    ours = sound.spectrogram(wave, 64, 32)
    first = int(np.argmin(np.abs(theirs[:, :8].T - ours[0]).sum(axis=1)))
    np.testing.assert_allclose(ours, theirs[:, first : first + len(ours)].T, atol=1e-10)


def test_a_whole_number_of_turns_does_not_leak_without_a_window() -> None:
    tone = np.cos(2 * np.pi * 8 * np.arange(64) / 64)
    power = sound.spectrogram(tone, 64, 64, window=False)[0]
    assert power[8] == pytest.approx(32**2)
    assert np.delete(power, 8).max() < 1e-20


def test_a_half_turn_leaks_less_with_a_window() -> None:
    tone = np.cos(2 * np.pi * 8.5 * np.arange(64) / 64)
    bare, windowed = (sound.spectrogram(tone, 64, 64, window=w)[0] for w in (False, True))
    assert bare[24] / bare.max() > 100 * windowed[24] / windowed.max()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: sound.dft([]), "x must be an array that is not empty"),
        (lambda: sound.dft([[1.0]]), "x must be an array with 1 dimensions"),
        (lambda: sound.dft([np.nan]), "x must be"),
        (lambda: sound.frames([1.0], 0, 1), "length must be a whole number of at least 1"),
        (lambda: sound.frames([1.0], 1, 0), "hop must be a whole number of at least 1"),
        (lambda: sound.hann(0), "length must be"),
    ],
)
def test_bad_input_is_named(call: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        call()  # type: ignore[operator]
