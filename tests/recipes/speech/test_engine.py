"""The engine: a real one where it is installed, and what is said where it is not."""

from __future__ import annotations

import importlib.util
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from bmcourse.datasets.sounds import prompts
from bmcourse.recipes.speech import engine
from bmcourse.recipes.speech.engine import Engine

real = pytest.mark.skipif(bool(engine.missing()), reason="needs pocketsphinx")


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert engine.missing().startswith("Not run: this cell needs PocketSphinx")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    assert engine.missing() == ""


class Stub:
    """A decoder that notes what it is given."""

    made: list[Stub] = []  # noqa: RUF012

    def __init__(self, **how: object) -> None:
        self.how, self.heard, self.grammar, self.found = how, b"", "", None
        self.made.append(self)

    def lookup_word(self, word: str) -> str | None:
        return None if word == "qwertz" else "W ER D"

    def add_jsgf_string(self, name: str, text: str) -> None:
        self.grammar = text

    def activate_search(self, name: str) -> None:
        self.how["search"] = name

    def start_utt(self) -> None:
        self.heard = b""

    def process_raw(self, content: bytes, full_utt: bool) -> None:
        self.heard += content

    def end_utt(self) -> None:
        pass

    def hyp(self) -> object:
        return self.found


def test_the_engine_gets_samples_of_its_own_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pocketsphinx", SimpleNamespace(Decoder=Stub))
    listener = Engine(["one", "two three"])
    stub = Stub.made[-1]
    assert "public <phrase> = one | two three;" in stub.grammar
    assert stub.how["lm"] is None
    assert stub.how["samprate"] == 16_000
    wave = 1000 * np.sin(2 * np.pi * 440 * np.arange(800) / 8000)
    assert listener.hear(wave, 8000) == ""
    sent = np.frombuffer(stub.heard, "<i2")
    assert len(sent) == 1600
    power = np.abs(np.fft.rfft(sent)) ** 2
    assert power.argmax() == 44  # 440 hertz still
    listener.hear(np.full(4, 1e9), 16_000)
    assert np.frombuffer(stub.heard, "<i2").tolist() == [32767] * 4
    stub.found = SimpleNamespace(hypstr="two three")
    assert listener.hear(wave, 8000) == "two three"
    with pytest.raises(ValueError, match="rate must be a divisor of 16000, got 11025"):
        listener.hear(wave, 11025)
    with pytest.raises(ValueError, match="words of the engine's dictionary, got 'qwertz'"):
        Engine(["one qwertz"])
    assert "lm" not in (Engine(), Stub.made[-1])[1].how


@real
def test_a_closed_list_is_heard_and_the_order_does_not_matter() -> None:
    said = prompts()
    some = ["january", "eleven", "friday"]
    listener = Engine(said.words)
    first = [listener.hear(said.waves[word], said.rate) for word in some]
    assert first == some
    assert [listener.hear(said.waves[word], said.rate) for word in some[::-1]] == some[::-1]
    assert listener.phones("four") == listener.phones("for") != listener.phones("five")
    assert listener.phones("qwertz") == ""
    assert not listener.knows("qwertz")
