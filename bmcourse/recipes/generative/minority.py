"""Five rare digits among ten: how they are drawn, how the gap is filled, how answers are judged."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from bmcourse import checks

Images = npt.NDArray[np.float32]
Labels = npt.NDArray[np.integer[Any]]
Rows = npt.NDArray[np.intp]
RARE = (1, 3, 5, 7, 9)
CLASSES = 10


@dataclass(frozen=True)
class Draw:
    """Row numbers of one draw; no row is in two of them.

    Attributes
    ----------
    training : ndarray of int
        1:100: 20 images of each rare digit, 2,000 of each other digit.
    more : ndarray of int
        As many images of each rare digit once more: labels that one could buy.
    validation : ndarray of int
        20 images of each rare digit, 200 of each other digit: these choose the settings.
    """

    training: Rows
    more: Rows
    validation: Rows


def draw_rows(
    labels: Labels,
    rng: np.random.Generator,
    *,
    rare: int = 20,
    common: int = 2_000,
    validation: int = 200,
) -> Draw:
    """Draw the images of one trial.

    Parameters
    ----------
    labels : ndarray of shape (n,)
        The digits of all images that may be drawn.
    rng : numpy.random.Generator
    rare, common : int
        Training images of each rare and of each other digit.
    validation : int
        Validation images of each other digit; of a rare digit as many as in training.
    """
    training, more, held = [], [], []
    for digit in range(CLASSES):
        rows = rng.permutation(np.flatnonzero(labels == digit))
        sizes = (rare, rare, rare) if digit in RARE else (common, 0, validation)
        if len(rows) < sum(sizes):
            checks.fail("labels", f"at least {sum(sizes)} images of digit {digit}", len(rows))
        first, second, third, _ = np.split(rows, np.cumsum(sizes))
        training.append(first)
        more.append(second)
        held.append(third)
    parts = (rng.permutation(np.concatenate(p)) for p in (training, more, held))
    return Draw(*parts)


def halve(images: Images) -> Images:
    """Halve images of 28 x 28 pixels by averaging: (n, 28, 28, 1) to (n, 14, 14, 1)."""
    return images.reshape(-1, 14, 2, 14, 2, 1).mean(axis=(2, 4))


def double(images: Images) -> Images:
    """Double images of 14 x 14 pixels for the judge: each pixel becomes four equal ones, softened.

    What `halve` makes of a real image and this gives back is blurred; compare like with like.
    """
    large: npt.NDArray[Any] = images.repeat(2, axis=1).repeat(2, axis=2)
    for axis in (1, 2):
        large = (np.roll(large, 1, axis) + 2 * large + np.roll(large, -1, axis)) / 4
    return large


def gap(labels: Labels) -> npt.NDArray[np.intp]:
    """Return how many images each digit lacks to be as frequent as the most frequent.

    Examples
    --------
    >>> gap(np.array([0, 0, 1]))[:3]
    array([0, 1, 2])
    """
    counts = np.bincount(labels, minlength=CLASSES)
    return counts.max() - counts


def repeats(labels: Labels, rng: np.random.Generator, share: float = 1.0) -> Rows:
    """Return rows to repeat, so that this share of each digit's gap is filled."""
    missing = np.rint(share * gap(labels)).astype(int)
    chosen = [rng.choice(np.flatnonzero(labels == c), n) for c, n in enumerate(missing) if n]
    return np.concatenate(chosen)


def network() -> keras.Model:
    """Return the untrained classifier of halved images: two convolutions, two dense layers."""
    return keras.Sequential(
        [
            keras.Input((14, 14, 1)),
            layers.Conv2D(8, 4, strides=2, activation="relu"),
            layers.Conv2D(16, 3, activation="relu"),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(64, activation="relu"),
            layers.Dense(CLASSES),
        ]
    )


def balanced_accuracy(
    predicted: Labels, labels: Labels, digits: Sequence[int] = range(10)
) -> float:
    """Return the mean, over digits, of the share of a digit's images that are recognised."""
    return float(np.mean([np.mean(predicted[labels == digit] == digit) for digit in digits]))


def best_offset(logits: npt.NDArray[Any], labels: Labels, offsets: Sequence[float]) -> float:
    """Return the number which, added to the rare digits' logits, scores best: threshold moving.

    The smallest of those that score best.
    """
    scores = [balanced_accuracy(moved(logits, offset), labels) for offset in offsets]
    return float(offsets[int(np.argmax(scores))])


def moved(logits: npt.NDArray[Any], offset: float) -> Labels:
    """Return the answers when `offset` is added to the logits of all rare digits."""
    return (logits + offset * np.isin(np.arange(CLASSES), RARE)).argmax(axis=1)


def adjusted(logits: npt.NDArray[Any], labels: Labels) -> Labels:
    """Return the answers when the log of each digit's training share is taken from its logit."""
    shares = np.bincount(labels, minlength=CLASSES) / len(labels)
    return (logits - np.log(shares)).argmax(axis=1)


def pack(values: npt.NDArray[Any]) -> str:
    """Return whole numbers from 0 to 255 as a short text, for a stored result."""
    return base64.b64encode(zlib.compress(np.asarray(values, np.uint8).tobytes(), 9)).decode()


def unpack(text: str) -> npt.NDArray[np.uint8]:
    """Return what `pack` was given.

    Examples
    --------
    >>> unpack(pack(np.array([3, 0, 255])))
    array([  3,   0, 255], dtype=uint8)
    """
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8)


def pack_answers(answers: Labels, truth: Labels) -> str:
    """Return answers as a short text: how far each is from the truth, 0 if it is right."""
    return pack((np.asarray(answers, int) - truth) % CLASSES)


def unpack_answers(text: str, truth: Labels) -> Labels:
    """Return what `pack_answers` was given.

    Examples
    --------
    >>> truth = np.array([3, 9, 0])
    >>> unpack_answers(pack_answers(np.array([3, 4, 9]), truth), truth)
    array([3, 4, 9])
    """
    return (np.asarray(truth, int) + unpack(text)) % CLASSES
