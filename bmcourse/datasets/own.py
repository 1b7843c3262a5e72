"""A teacher's own data in place of a published set: named, checked for form, never verified.

``BMCOURSE_OWN_DATA`` lists the names that are replaced, such as ``mnist,ames``. Their files lie
in the folder that ``BMCOURSE_DATA`` names. The published digests do not hold for them, so every
description says whose data they are.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bmcourse.datasets.dataset import Dataset
from bmcourse.datasets.errors import DataError
from bmcourse.datasets.formats.streams import Bytes
from bmcourse.datasets.labelled_texts import LabelledTexts
from bmcourse.datasets.model_file import ModelFile
from bmcourse.datasets.registry import Spec

PARTS = ("x_train", "y_train", "x_test", "y_test")
OURS = "your own data, not verified"


def own_folder(name: str) -> Path | None:
    """Return the folder that holds a teacher's own data of this name, or None.

    Raises
    ------
    DataError
        If ``BMCOURSE_OWN_DATA`` names the set, but ``BMCOURSE_DATA`` names no folder.
    """
    listed = os.environ.get("BMCOURSE_OWN_DATA", "").replace(",", " ").split()
    if name not in listed:
        return None
    folder = Path(os.environ.get("BMCOURSE_DATA", "")).expanduser()
    if not os.environ.get("BMCOURSE_DATA") or not folder.is_dir():
        raise DataError(f"BMCOURSE_OWN_DATA names {name}, so BMCOURSE_DATA must name a folder")
    return folder


def read_own(folder: Path, spec: Spec) -> Dataset | LabelledTexts | ModelFile:
    """Read a teacher's own images, texts or model, whichever the published set holds."""
    if spec.kind == "model":
        return read_own_model(folder, spec)
    return read_own_texts(folder, spec) if spec.kind == "texts" else read_own_images(folder, spec)


def read_own_model(folder: Path, spec: Spec) -> ModelFile:
    """Read ``NAME.gguf`` or ``NAME.zip``, whichever the published set has, whatever it holds.

    Raises
    ------
    DataError
        If the file is missing.
    """
    path = folder / f"{spec.name}.{spec.sources[0].form}"
    try:
        content = np.fromfile(path, np.uint8)
    except OSError as error:
        raise DataError(f"{path.name} cannot be read in {folder}: {error}") from error
    content.flags.writeable = False
    return ModelFile(
        name=spec.name,
        title=f"{spec.title} ({OURS})",
        content=content,
        source=f"{path}",
        licence="yours",
        citation="your own",
        is_sample=False,
    )


def read_own_texts(folder: Path, spec: Spec) -> LabelledTexts:
    """Read ``NAME.csv`` with the columns text and label: a class's name or number.

    Raises
    ------
    DataError
        If the file is missing, or has other columns or labels, or no rows.
    """
    path = folder / f"{spec.name}.csv"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError:
        raise DataError(f"{path} is missing") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as a table: {error}") from error
    _demand(rows and {"text", "label"} <= set(rows[0]), path.name, "columns text, label", "others")
    number = {str(k): k for k in range(len(spec.class_names))}
    number |= {name: k for k, name in enumerate(spec.class_names)}
    labels = [number.get(str(row["label"]).strip(), -1) for row in rows]
    _demand(min(labels) >= 0, path.name, f"labels {' or '.join(number)}", "others")
    values = np.array(labels, np.uint8)
    groups = np.zeros(len(rows), np.uint8)
    for array in (values, groups):
        array.flags.writeable = False
    return LabelledTexts(
        name=spec.name,
        title=f"{spec.title}, replaced by {OURS}",
        texts=tuple(row["text"] or "" for row in rows),
        labels=values,
        groups=groups,
        class_names=spec.class_names,
        group_names=("your own",),
        source=f"{path}: {OURS}",
        licence="yours to know",
        citation="",
        is_sample=True,  # the floors of the full published set do not hold
    )


def read_own_images(folder: Path, spec: Spec) -> Dataset:
    """Read ``NAME/x_train.npy``, ``y_train.npy``, ``x_test.npy`` and ``y_test.npy``.

    Raises
    ------
    DataError
        If a file is missing, or is not what the chapters work with: images of the published
        height, width and channels in uint8, and one class number each, of the published classes.
    """
    arrays = {part: _read(folder / spec.name / f"{part}.npy") for part in PARTS}
    for which in ("train", "test"):
        x, y = arrays[f"x_{which}"], arrays[f"y_{which}"]
        shape = spec.arrays[f"x_{which}"].shape[1:]
        _demand(x.dtype == np.uint8, f"x_{which}", "uint8", x.dtype)
        _demand(x.shape[1:] == shape and len(x), f"x_{which}", f"shape (n, *{shape})", x.shape)
        _demand(y.shape == (len(x),), f"y_{which}", f"shape ({len(x)},)", y.shape)
        whole = np.issubdtype(y.dtype, np.integer)
        known = whole and y.min() >= 0 and y.max() < len(spec.class_names)
        _demand(known, f"y_{which}", f"class numbers 0 to {len(spec.class_names) - 1}", y[:3])
    kept: dict[str, Bytes] = {part: values.astype(np.uint8) for part, values in arrays.items()}
    for values in kept.values():
        values.flags.writeable = False
    return Dataset(
        name=spec.name,
        title=f"{spec.title}, replaced by {OURS}",
        class_names=spec.class_names,
        source=f"{folder / spec.name}: {OURS}",
        licence="yours to know",
        citation="",
        is_sample=True,  # the floors of the full published set do not hold
        **kept,
    )


def _read(path: Path) -> npt.NDArray[np.generic]:
    try:
        return np.load(path, allow_pickle=False)
    except FileNotFoundError:
        raise DataError(f"{path} is missing") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as an array: {error}") from error


def _demand(true: object, part: str, expected: str, received: object) -> None:
    if not true:
        raise DataError(f"{part} of your own data must have {expected}, got {received}")
