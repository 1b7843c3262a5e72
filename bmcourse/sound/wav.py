"""Read and write WAV files: one channel, 16 bits a sample."""

from __future__ import annotations

import io
import wave as riff
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from bmcourse import checks


def read_wav(file: str | Path | BinaryIO, rate: int = 8000) -> npt.NDArray[np.int16]:
    """Return the samples of a WAV file.

    Parameters
    ----------
    file : path or binary file
    rate : int
        The rate that the file must have, in samples a second. Nothing is converted: at another
        rate each frequency would be taken for another one.

    Returns
    -------
    ndarray of int16, shape (n,)

    Raises
    ------
    ValueError
        If it is no WAV file, is cut off, holds no sample, has another rate, more than one
        channel, or samples of another size.

    Examples
    --------
    >>> read_wav(io.BytesIO(wav_bytes(np.array([1, -2], np.int16), 8000))).tolist()
    [1, -2]
    """
    name = Path(file).name if isinstance(file, str | Path) else "the file"
    try:
        with riff.open(str(file) if isinstance(file, Path) else file, "rb") as sound:
            about = {
                "samples a second": (sound.getframerate(), rate),
                "channels": (sound.getnchannels(), 1),
                "bytes a sample": (sound.getsampwidth(), 2),
            }
            promised = sound.getnframes()
            content = sound.readframes(promised)
    except (EOFError, riff.Error) as error:
        raise ValueError(
            f"{name} must be a WAV file, got: {error or 'its end too soon'}"
        ) from error
    for what, (found, expected) in about.items():
        if found != expected:
            checks.fail(name, f"a WAV file with {expected} {what}", found)
    if len(content) != 2 * promised or not content:
        checks.fail(name, f"a whole WAV file of {promised or 'some'} samples", len(content) // 2)
    return np.frombuffer(content, "<i2").astype(np.int16)


def wav_bytes(wave: npt.ArrayLike, rate: int) -> bytes:
    """Return a WAV file of 16-bit samples.

    Parameters
    ----------
    wave : array_like of shape (n,)
        Whole numbers of 16 bits, or real numbers in -1...1; what lies outside is cut off.
    rate : int
        Samples a second.

    Examples
    --------
    >>> len(wav_bytes([0.0, 0.5], 8000))
    48
    """
    samples = checks.array("wave", wave, ndim=1)
    if samples.dtype.kind == "f":
        samples = np.round(samples * 32767)
    stream = io.BytesIO()
    with riff.open(stream, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(checks.integer("rate", rate))
        sound.writeframes(np.clip(samples, -32768, 32767).astype("<i2").tobytes())
    return stream.getvalue()
