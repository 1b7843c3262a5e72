"""WAV files, mu-law, noise and the play button."""

from __future__ import annotations

import io
import wave as riff
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from bmcourse import sound


def file(rate: int = 8000, channels: int = 1, size: int = 2, content: bytes = b"\1\0\2\0") -> bytes:
    stream = io.BytesIO()
    with riff.open(stream, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(size)
        out.setframerate(rate)
        out.writeframes(content)
    return stream.getvalue()


def test_there_and_back_and_as_scipy_reads_it(tmp_path: Path) -> None:
    samples = np.array([0, 1, -1, 32767, -32768], np.int16)
    path = tmp_path / "five.wav"
    path.write_bytes(sound.wav_bytes(samples, 8000))
    np.testing.assert_array_equal(sound.read_wav(path), samples)
    np.testing.assert_array_equal(sound.read_wav(str(path)), samples)
    rate, theirs = wavfile.read(path)
    assert rate == 8000
    np.testing.assert_array_equal(theirs, samples)


def test_real_numbers_are_scaled_and_cut_off() -> None:
    found = sound.read_wav(io.BytesIO(sound.wav_bytes([0.5, 2.0, -2.0], 8000)))
    assert found.tolist() == [16384, 32767, -32768]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "must be a WAV file, got"),
        (b"OggS" + bytes(60), "must be a WAV file, got"),
        (file()[:30], "must be a WAV file"),
        (file(rate=16000), "a WAV file with 8000 samples a second, got 16000"),
        (file(channels=2), "a WAV file with 1 channels, got 2"),
        (file(size=1), "a WAV file with 2 bytes a sample, got 1"),
        (file(content=b""), "a whole WAV file of some samples, got 0"),
        (file(content=bytes(100))[:-20], "a whole WAV file of 50 samples, got 40"),
    ],
)
def test_a_damaged_or_another_file_is_named(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "sound.wav"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"sound\.wav {told}|sound\.wav must be {told}"):
        sound.read_wav(path)


def test_mu_law_keeps_four_bits_behind_the_first() -> None:
    every = np.arange(-32768, 32768)
    back = sound.mu_law_decode(sound.mu_law_encode(every)).astype(int)
    inside = np.abs(every) < 32635
    gap = np.abs(back - every)[inside]
    assert (gap <= (np.abs(every)[inside] + 132) / 32).all()
    assert (np.sign(back) == np.sign(every))[np.abs(every) > 4].all()
    assert len(np.unique(back)) == 255  # +0 and -0 are one


def test_mu_law_codes_are_kept_by_a_second_coding() -> None:
    codes = np.setdiff1d(np.arange(256), [127]).astype(np.uint8)  # 127 is -0
    np.testing.assert_array_equal(sound.mu_law_encode(sound.mu_law_decode(codes)), codes)


def test_mu_law_wants_whole_numbers() -> None:
    with pytest.raises(ValueError, match="an array of 16-bit whole numbers, got dtype float64"):
        sound.mu_law_encode([0.5])


@pytest.mark.parametrize("decibels", [-3.0, 0.0, 20.0])
def test_noise_has_the_power_that_was_asked_for(decibels: float) -> None:
    wave = np.sin(np.arange(500)) * 1000
    noise = sound.with_noise(wave, decibels, 0) - wave
    ratio = 10 * np.log10(np.mean(wave**2) / np.mean(noise**2))
    assert ratio == pytest.approx(decibels)
    np.testing.assert_array_equal(sound.with_noise(wave, decibels, 0) - wave, noise)


def test_silence_has_no_ratio() -> None:
    with pytest.raises(ValueError, match="a sound that is not silent"):
        sound.with_noise(np.zeros(5), 10, 0)


def test_the_button_says_what_is_heard(capsys: pytest.CaptureFixture[str]) -> None:
    sound.play(np.zeros(4000), 8000, caption="Nothing at all.")
    assert capsys.readouterr().out == "Sound: Nothing at all. (0.50 s)\n"


def test_the_button_holds_the_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    import base64
    import re

    from bmcourse import outputs

    shown = []
    monkeypatch.setattr(outputs, "in_notebook", lambda: True)
    monkeypatch.setattr(outputs, "display_html", lambda body, plain: shown.append((body, plain)))
    samples = np.array([5, -7, 9], np.int16)
    sound.play(samples, 8000, caption='A "click" & more.')
    ((body, plain),) = shown
    assert plain == 'Sound: A "click" & more. (0.00 s)'
    assert 'aria-label="Sound: A &quot;click&quot; &amp; more. (0.00 s)"' in body
    data = re.search(r"base64,([^\"]+)", body)
    assert data
    held = sound.read_wav(io.BytesIO(base64.b64decode(data.group(1))))
    np.testing.assert_array_equal(held, samples)


@pytest.mark.parametrize(
    ("seconds", "caption", "told"), [(3.1, "A long tone.", "at most 3.0"), (1, "", "caption must")]
)
def test_long_sounds_and_empty_captions_are_refused(
    seconds: float, caption: str, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        sound.play(np.zeros(int(8000 * seconds)), 8000, caption=caption)
