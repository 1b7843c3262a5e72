"""Recordings that ship: they are what the registry says, and damage is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from bmcourse.datasets import shipped
from bmcourse.datasets.errors import DataError
from bmcourse.datasets.sounds import prompts, voices


def test_the_prompts_are_whole() -> None:
    said = prompts()
    assert repr(said) == "<Telephone prompts in English: 55 recordings, 57 seconds>"
    assert len(said.words) == 47
    assert said.words[0] == "zero"
    assert said.words[-1] == "december"
    assert said.rate == 8000
    for text, wave in said.waves.items():
        assert wave.dtype == np.int16
        assert 0.6 * said.rate < len(wave) < 3 * said.rate, text
        assert np.abs(wave.astype(int)).max() > 3000, text


def test_the_voices_are_whole() -> None:
    packs = voices()
    assert repr(packs) == "<Six packs of telephone prompts: 3,144 prompts, 5 languages>"
    assert packs.x.shape == (3144, 26)
    assert np.isfinite(packs.x).all()
    pairs = set(zip(packs.voice.tolist(), packs.language.tolist(), strict=True))
    assert len(pairs) == len({voice for voice, _ in pairs}) == 6
    assert {voice for voice, language in pairs if language == "it"} == set(packs.numbers)
    for words in packs.numbers.values():
        assert len(words) == 21
        assert {rows.shape[1] for rows in words} == {13}


def test_the_files_are_small_enough_to_travel() -> None:
    files = {path.name: path.stat().st_size for path in shipped.SOUNDS.glob("*.npz")}
    assert files.keys() == {"prompts.npz", "voices.npz"}
    assert sum(files.values()) < 600_000


@pytest.mark.parametrize(("name", "read"), [("prompts", prompts), ("voices", voices)])
def test_damage_and_loss_are_named(tmp_path: Path, name: str, read: object) -> None:
    folder = tmp_path / "sounds"
    shutil.copytree(shipped.SOUNDS, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / f"{name}.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=rf"{name}\.npz must have the SHA-256 .* install bmcourse"):
        read(folder)  # type: ignore[operator]
    path.unlink()
    with pytest.raises(DataError, match=r"is missing\. Install bmcourse again"):
        read(folder)  # type: ignore[operator]
