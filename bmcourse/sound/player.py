"""A button in a notebook that plays a sound. The sound travels in the page."""

from __future__ import annotations

import base64
import html

import numpy.typing as npt

from bmcourse import checks, outputs
from bmcourse.checks import Array
from bmcourse.sound.wav import wav_bytes

LONGEST = 3.0
"""Seconds: a second of telephone sound takes 21 kB of the notebook."""


def play(wave: npt.ArrayLike, rate: int, *, caption: str) -> None:
    """Show a button that plays a sound, with a line that says what is heard.

    Parameters
    ----------
    wave : array_like of shape (n,)
        As in `wav_bytes`.
    rate : int
        Samples a second.
    caption : str
        What is heard, for readers who cannot hear it, too.

    Raises
    ------
    ValueError
        If the sound takes more than 3 seconds, or the caption is too short to help anybody.

    Examples
    --------
    >>> play([0.0, 0.1, 0.0, -0.1] * 2000, 8000, caption="A tone of 2,000 hertz.")
    Sound: A tone of 2,000 hertz. (1.00 s)
    """
    samples: Array = checks.array("wave", wave, ndim=1)
    seconds = len(samples) / checks.integer("rate", rate)
    if seconds > LONGEST:
        checks.fail("wave", f"at most {LONGEST} seconds", f"{seconds:.2f}")
    if len(caption) < 8:
        checks.fail("caption", "a sentence that says what is heard", repr(caption))
    line = f"Sound: {caption} ({seconds:.2f} s)"
    if not outputs.in_notebook():
        print(line)
        return
    data = base64.b64encode(wav_bytes(samples, rate)).decode()
    name = html.escape(line)
    body = (
        f'<figure style="margin:.5em 0"><audio controls preload="none" aria-label="{name}" '
        f'src="data:audio/wav;base64,{data}"></audio><figcaption>{name}</figcaption></figure>'
    )
    outputs.display_html(body, plain=line)
