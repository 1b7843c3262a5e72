"""Two input pipelines that give the same batches, one of them slow, and a timeline of both."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bmcourse.checks import Array

Batches = Iterator[tuple[Array, Array]]


def as_lines(images: Array) -> list[str]:
    """Return each image as a line of text, one whole number from 0 to 16 a pixel."""
    return [" ".join(str(int(value)) for value in image.ravel()) for image in images]


def grey(word: str) -> float:
    """Return one pixel as a number from 0 to 1."""
    value = int(word)
    if not 0 <= value <= 16:
        raise ValueError(f"a pixel is from 0 to 16, got {value}")
    return value / 16


def prepared(line: str) -> Array:
    """Return one image as an array."""
    return np.array([grey(word) for word in line.split()])


def slow_batches(lines: list[str], y: Array, order: Array, batch: int) -> Batches:
    """Yield batches; an image is read from its text each time that it is used."""
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        yield np.stack([prepared(lines[row]) for row in rows]), y[rows]


def quick_batches(lines: list[str], y: Array, order: Array, batch: int) -> Batches:
    """Yield the same batches; each image is read once, before the first batch."""
    x = np.stack([prepared(line) for line in lines])
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        yield x[rows], y[rows]


@dataclass
class Timeline:
    """When the training loop waited for a batch and when it worked, in seconds from the start.

    Attributes
    ----------
    waits, works : list of (float, float)
        Start and end of each.
    """

    waits: list[tuple[float, float]] = field(default_factory=list)
    works: list[tuple[float, float]] = field(default_factory=list)

    def seconds(self) -> tuple[float, float]:
        """Return the seconds of all waits, and of all works."""
        waits, works = (sum(b - a for a, b in spans) for spans in (self.waits, self.works))
        return waits, works


def timed(batches: Iterable[Any], step: Callable[..., Any]) -> Timeline:
    """Run `step` on each batch and note when each wait and each step began and ended."""
    line, source, start = Timeline(), iter(batches), time.perf_counter()
    while True:
        asked = time.perf_counter() - start
        try:
            batch = next(source)
        except StopIteration:
            return line
        came = time.perf_counter() - start
        step(*batch)
        line.waits.append((asked, came))
        line.works.append((came, time.perf_counter() - start))


def least_disturbed(line: Timeline, steps: int) -> Timeline:
    """Return the so many steps in a row that took the least time, as a timeline from 0 on."""
    starts = range(len(line.works) - steps + 1)
    lengths = [line.works[i + steps - 1][1] - line.waits[i][0] for i in starts]
    first = int(np.argmin(lengths))
    start = line.waits[first][0]
    cut = [
        [(a - start, b - start) for a, b in spans[first : first + steps]]
        for spans in (line.waits, line.works)
    ]
    return Timeline(*cut)


def most_speed_up(share: float) -> float:
    """Return how many times faster a program is if this share of its time goes to 0 (Amdahl)."""
    if not 0 <= share < 1:
        raise ValueError(f"share must be from 0 to below 1, got {share}")
    return 1 / (1 - share)
