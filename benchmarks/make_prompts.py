"""Make the telephone prompts: ``python benchmarks/make_prompts.py FOLDER``.

FOLDER holds six Debian packages: asterisk-core-sounds-{en,es,fr,it,ru}-wav 1.6.1 and
asterisk-prompt-it-menardi-wav. No random numbers. The texts of the English phrases are those of
the list that its publisher keeps, in lower case and without punctuation.
"""

from __future__ import annotations

import hashlib
import io
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bmcourse import sound
from bmcourse.datasets.shipped import SOUNDS

RATE = 8000
PACKS = {  # voice: language and package
    "Allison": ("en", "core-sounds-en"),
    "Allison, Spanish": ("es", "core-sounds-es"),
    "June": ("fr", "core-sounds-fr"),
    "Carlo": ("it", "core-sounds-it"),
    "Paola": ("it", "prompt-it-menardi"),
    "IvrvoiceRU": ("ru", "core-sounds-ru"),
}
NUMBERS = tuple(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty""".split()  # noqa: SIM905
)
TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
MONTHS = tuple(
    """january february march april may june july august september october november
    december""".split()  # noqa: SIM905
)
WORDS = {
    **{f"digits/{i}": word for i, word in enumerate(NUMBERS)},
    **{f"digits/{10 * i}": word for i, word in enumerate(TENS, start=3)},
    **{f"digits/day-{i}": word for i, word in enumerate(DAYS)},
    **{f"digits/mon-{i}": word for i, word in enumerate(MONTHS)},
}
PHRASES = {
    "one-moment-please": "one moment please",
    "please-try-again": "please try again",
    "hello-world": "hello world",
    "do-not-disturb": "do not disturb",
    "conf-muted": "you are now muted",
    "queue-thankyou": "thank you for your patience",
    "number-not-answering": "the number is not answering",
    "tt-weasels": "weasels have eaten our phone system",
}
"""Those that travel with the course."""


def recordings(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each WAV file in a Debian package, sorted.

    The package is an `ar` archive: after 8 bytes, members with a head of 60 bytes each.
    """
    content, at = archive.read_bytes(), 8
    while at < len(content):
        name, size = content[at : at + 16].decode().strip(), int(content[at + 48 : at + 58])
        if name.startswith("data.tar"):
            with tarfile.open(fileobj=io.BytesIO(content[at + 60 : at + 60 + size])) as members:
                names = sorted(n for n in members.getnames() if n.endswith(".wav"))
                for path in names:
                    file = members.extractfile(path)
                    if file is not None:
                        below = path.split("/sounds/")[1].split("/", 1)[1]
                        yield below.removesuffix(".wav"), file.read()
        at += 60 + size + size % 2


def pack(folder: Path, voice: str) -> dict[str, np.ndarray]:
    """Return the samples of each prompt of a voice, without silence and beeps."""
    (archive,) = folder.glob(f"asterisk-{PACKS[voice][1]}-wav_*.deb")
    found = {}
    for name, content in recordings(archive):
        if len(content) <= 44:  # a head without sound, as one pack has it
            continue
        wave = sound.read_wav(io.BytesIO(content), RATE)
        if not name.startswith("silence") and "tone" not in name:
            found[name] = wave
    return found


def statistics(wave: np.ndarray) -> np.ndarray:
    """Mean and deviation of each of 13 cepstra over the frames: 26 numbers."""
    rows = sound.cepstra(wave / 32768, RATE)
    return np.concatenate([rows.mean(axis=0), rows.std(axis=0)])


def save(name: str, **arrays: np.ndarray) -> None:
    """Write one file, and print its digest."""
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    (SOUNDS / name).write_bytes(stream.getvalue())
    print(name, len(stream.getvalue()), hashlib.sha256(stream.getvalue()).hexdigest())


def lines(texts: list[str]) -> np.ndarray:
    """Text as bytes, one a line."""
    return np.frombuffer("\n".join(texts).encode(), np.uint8)


def main() -> None:
    """Write both files."""
    packs = {voice: pack(Path(sys.argv[1]), voice) for voice in PACKS}
    texts = {**WORDS, **PHRASES}
    waves = [packs["Allison"][name] for name in texts]
    save(
        "prompts.npz",
        codes=sound.mu_law_encode(np.concatenate(waves)),
        ends=np.cumsum([len(wave) for wave in waves]).astype(np.int32),
        names=lines(list(texts)),
        texts=lines(list(texts.values())),
    )
    rows = [(v, w) for v in packs for w in packs[v].values() if len(w) >= RATE // 2]
    numbers = [
        sound.cepstra(packs[voice][f"digits/{i}"] / 32768, RATE, hop=160)
        for voice in ("Carlo", "Paola")
        for i in range(21)
    ]
    save(
        "voices.npz",
        statistics=np.array([statistics(wave) for _, wave in rows], np.float16),
        voice=np.array([list(PACKS).index(voice) for voice, _ in rows], np.uint8),
        voices=lines(list(PACKS)),
        languages=lines([language for language, _ in PACKS.values()]),
        numbers=np.concatenate(numbers).astype(np.float16),
        number_ends=np.cumsum([len(rows) for rows in numbers]).astype(np.int32),
    )


if __name__ == "__main__":
    main()
