"""Make the bundled samples from the full sets: ``python -m bmcourse.datasets.sample.make``.

The choice uses no random numbers, so that it is the same for ever: from each
class, images evenly spaced in the order of the full set, as many as its share.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from bmcourse.checks import integer, labels
from bmcourse.datasets import Dataset, fetch
from bmcourse.datasets.formats.streams import Bytes
from bmcourse.datasets.registry import REGISTRY

SIZES: Mapping[str, Mapping[str, int]] = {
    "mnist": {"train": 10_000, "test": 2_000},
    "cifar10": {"train": 1_000, "test": 200},
}


def choose(y: npt.ArrayLike, n: int, *, classes: int = 10) -> npt.NDArray[np.intp]:
    """Return the places, ascending, of a stratified sample of `n` of the labels `y`.

    Each class gets its share of `n`; what rounding down leaves goes to the
    classes with the largest remainders.

    Parameters
    ----------
    y : array_like of shape (n_samples,)
        Class numbers in [0, classes).
    n : int
        Size of the sample.

    Raises
    ------
    ValueError
        If `n` is larger than the number of labels.

    Examples
    --------
    >>> choose([0, 0, 0, 0, 1, 1], 3, classes=2)
    array([0, 2, 4])
    """
    y = labels("y", y, classes=classes)
    integer("len(y)", len(y), at_least=integer("n", n))
    shares = np.bincount(y, minlength=classes) * n
    counts = shares // len(y)
    largest = np.argsort(-(shares % len(y)), kind="stable")
    counts[largest[: n - counts.sum()]] += 1
    picks = []
    for label, k in enumerate(counts):
        members = np.flatnonzero(y == label)
        picks.append(members[np.arange(k) * len(members) // max(k, 1)])
    return np.sort(np.concatenate(picks))


def write_sheet(x: Bytes, path: Path) -> None:
    """Write images, shape (n, height, width[, 3]), as the n rows of one PNG sheet."""
    rows = x.reshape(len(x), x.shape[1] * x.shape[2], *x.shape[3:])  # (n, pixels[, 3])
    Image.fromarray(rows).save(path, optimize=True)


def make(full: Dataset, sizes: Mapping[str, int], folder: Path) -> str:
    """Write the sample of a full set into `folder`; return its digests as TOML lines.

    Raises
    ------
    ValueError
        If `full` is itself the sample.
    """
    if full.is_sample:
        raise ValueError(f"full must be a full set, got {full!r}")
    lines = [f"[{full.name}.sample.arrays]"]
    for part, n in sizes.items():
        x, y = getattr(full, f"x_{part}"), getattr(full, f"y_{part}")
        places = choose(y, n)
        write_sheet(x[places], folder / f"{full.name}_{part}.png")
        listed = json.dumps(y[places].tolist(), separators=(",", ":"))
        (folder / f"{full.name}_{part}.json").write_text(f"{listed}\n", "ascii", newline="\n")
        for axis, values in (("x", x[places]), ("y", y[places])):
            digest = hashlib.sha256(values.tobytes()).hexdigest()
            shape = list(values.shape)
            lines.append(f'{axis}_{part} = {{ shape = {shape}, sha256 = "{digest}" }}')
    return "\n".join(lines)


if __name__ == "__main__":
    for name, sizes in SIZES.items():
        full = fetch(name)
        assert isinstance(full, Dataset)
        print(make(full, sizes, REGISTRY.with_name("sample")))
