"""Let the recogniser PocketSphinx listen, with its open language model or with a closed list."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from bmcourse import checks

ENGINE_RATE = 16_000
"""Samples a second that PocketSphinx's English model was trained on."""


def missing() -> str:
    """Return what is missing, in one line; an empty text if PocketSphinx can be used."""
    if importlib.util.find_spec("pocketsphinx") is None:
        return "Not run: this cell needs PocketSphinx (python -m pip install pocketsphinx)."
    return ""


class Engine:
    """PocketSphinx with the English model that comes with it.

    Parameters
    ----------
    phrases : sequence of str, optional
        The only texts that can be heard (a closed grammar), in lower case. Without it the engine
        uses its language model of general English.

    Raises
    ------
    ValueError
        If a word of `phrases` is not in the engine's dictionary.
    """

    def __init__(self, phrases: Sequence[str] | None = None) -> None:
        import pocketsphinx

        how: dict[str, Any] = {"samprate": ENGINE_RATE, "loglevel": "FATAL"}
        if phrases is not None:
            how["lm"] = None
        self._decoder = pocketsphinx.Decoder(**how)
        if phrases is not None:
            for word in {word for phrase in phrases for word in phrase.split()}:
                if not self.knows(word):
                    checks.fail("phrases", "words of the engine's dictionary", repr(word))
            choices = " | ".join(phrases)
            grammar = f"#JSGF V1.0; grammar closed; public <phrase> = {choices};"
            self._decoder.add_jsgf_string("closed", grammar)
            self._decoder.activate_search("closed")

    def knows(self, word: str) -> bool:
        """Say whether a word is in the engine's dictionary: no other word can be heard."""
        return bool(self.phones(word))

    def phones(self, word: str) -> str:
        """Return how a word sounds by the dictionary, such as "F AO R"; empty if it is not there.

        Two words with the same phones, such as "for" and "four", cannot be told apart.
        """
        return self._decoder.lookup_word(word) or ""

    def hear(self, wave: npt.ArrayLike, rate: int) -> str:
        """Return the words that the engine hears; an empty text if it hears none.

        Parameters
        ----------
        wave : array_like of shape (n,)
            Samples of 16 bits, or real numbers of the same size.
        rate : int
            Samples a second; a divisor of 16,000. The sound is brought to 16,000, and what lies
            above half of `rate` stays empty.
        """
        samples = checks.array("wave", wave, ndim=1).astype(np.float64)
        rate = checks.integer("rate", rate)
        if ENGINE_RATE % rate:
            checks.fail("rate", "a divisor of 16000", rate)
        wide = resample_poly(samples, ENGINE_RATE // rate, 1)
        content = np.clip(np.round(wide), -32768, 32767).astype("<i2").tobytes()
        self._decoder.start_utt()
        self._decoder.process_raw(content, full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        return found.hypstr if found else ""
