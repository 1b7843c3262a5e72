"""GGUF: how a language model lies in one file, and how its 4-bit and 8-bit blocks are unpacked."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.datasets.errors import DataError

BLOCK = 32  # weights that share one scale
Bytes = npt.NDArray[np.uint8]
SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q"}
SCALARS |= {11: "<q", 12: "<d"}
TEXT, LIST = 8, 9
KINDS = {0: ("F32", 1, 4), 3: ("Q4_1", BLOCK, 20), 8: ("Q8_0", BLOCK, 34), 26: ("I32", 1, 4)}


def unpack_q4_1(blocks: Bytes) -> npt.NDArray[np.float32]:
    """Return the weights of Q4_1 blocks: scale * nibble + minimum.

    Parameters
    ----------
    blocks : ndarray of uint8, shape (n, 20)
        Scale and minimum, two half-precision numbers; then 16 bytes. The low halves of the bytes
        are the weights 0 to 15, the high halves the weights 16 to 31.

    Returns
    -------
    ndarray of shape (n, 32)

    Examples
    --------
    >>> block = np.r_[np.array([0.5, -4.0], np.float16).view(np.uint8), np.full(16, 0xF1)]
    >>> unpack_q4_1(block.astype(np.uint8)[np.newaxis])[0, [0, 16]]
    array([-3.5,  3.5], dtype=float32)
    """
    pairs = np.ascontiguousarray(blocks[:, :4]).view("<f2").astype(np.float32)  # (n, 2)
    packed = blocks[:, 4:]  # (n, 16)
    weights = np.empty((len(blocks), BLOCK), np.float32)
    weights[:, :16], weights[:, 16:] = packed & 15, packed >> 4
    weights *= pairs[:, :1]
    weights += pairs[:, 1:]
    return weights


def unpack_q8_0(blocks: Bytes) -> npt.NDArray[np.float32]:
    """Return the weights of Q8_0 blocks: scale * a whole number from -128 to 127.

    Parameters
    ----------
    blocks : ndarray of uint8, shape (n, 34)
        A half-precision scale, then 32 signed bytes.

    Returns
    -------
    ndarray of shape (n, 32)
    """
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)  # (n, 1)
    weights = blocks[:, 2:].view(np.int8).astype(np.float32)  # (n, 32)
    weights *= scales
    return weights


UNPACK = {"Q4_1": unpack_q4_1, "Q8_0": unpack_q8_0}


@dataclass(frozen=True)
class Tensor:
    """Where one array lies in the file.

    Attributes
    ----------
    name : str
    shape : tuple of int
        Rows first, as in NumPy. (The file has the row's length first.)
    kind : str
        ``"F32"``, ``"I32"``, or blocks: ``"Q4_1"``, ``"Q8_0"``.
    start, bytes : int
        Place and size in the file.
    """

    name: str
    shape: tuple[int, ...]
    kind: str
    start: int
    bytes: int


class GGUFFile:
    """A GGUF file in memory: facts about the model, and its arrays, unpacked one at a time.

    Parameters
    ----------
    content : ndarray of uint8, shape (bytes,)
        The whole file.

    Attributes
    ----------
    facts : dict of str to object
        What the file says of the model, such as ``"llama.block_count"``.
    tensors : dict of str to Tensor

    Raises
    ------
    DataError
        If it is no GGUF file of version 3, ends too early, or has arrays of another kind.
    """

    def __init__(self, content: Bytes) -> None:
        self.content = content
        reader = _Reader(content)
        if bytes(content[:4]) != b"GGUF":
            raise DataError(f"a GGUF file must begin with GGUF, got {bytes(content[:4])!r}")
        reader.at = 4
        version = reader.scalar("<I")
        if version != 3:
            raise DataError(f"this reader knows version 3 of GGUF, got {version}")
        tensors, facts = reader.scalar("<Q"), reader.scalar("<Q")
        self.facts: dict[str, Any] = {}
        for _ in range(facts):
            name = reader.text()
            self.facts[name] = reader.value(reader.scalar("<I"))
        rows = [reader.tensor() for _ in range(tensors)]
        step = self.facts.get("general.alignment", 32)
        first = -(-reader.at // step) * step  # the next multiple
        self.tensors = {row.name: _placed(row, first, len(content)) for row in rows}

    def blocks(self, name: str) -> Bytes:
        """Return an array's blocks as they lie in the file, shape (n, bytes of a block)."""
        tensor = self._tensor(name)
        size = next(size for kind, _, size in KINDS.values() if kind == tensor.kind)
        return self._bytes(tensor).reshape(-1, size)

    def array(self, name: str) -> Array:
        """Return an array in float32 (or int32), unpacked.

        Raises
        ------
        DataError
            If the file, such as the sample, does not hold it.
        """
        tensor = self._tensor(name)
        if tensor.kind in UNPACK:
            return UNPACK[tensor.kind](self.blocks(name)).reshape(tensor.shape)
        dtype = "<f4" if tensor.kind == "F32" else "<i4"
        return self._bytes(tensor).view(dtype).reshape(tensor.shape)

    def _tensor(self, name: str) -> Tensor:
        if name not in self.tensors:
            raise DataError(f"this file holds no array {name}: is it the sample?")
        return self.tensors[name]

    def _bytes(self, tensor: Tensor) -> Bytes:
        return np.ascontiguousarray(self.content[tensor.start : tensor.start + tensor.bytes])


def _placed(row: Tensor, first: int, end: int) -> Tensor:
    """Return the row with its place counted from the beginning of the file."""
    start = first + row.start
    if start + row.bytes > end:
        raise DataError(f"the file ends within {row.name}")
    return Tensor(row.name, row.shape, row.kind, start, row.bytes)


class _Reader:
    """Reads one value after the other."""

    def __init__(self, content: Bytes) -> None:
        self.bytes, self.at = content.data, 0

    def scalar(self, form: str) -> Any:
        try:
            (value,) = struct.unpack_from(form, self.bytes, self.at)
        except struct.error as error:
            raise DataError("the file ends within its head") from error
        self.at += struct.calcsize(form)
        return value

    def text(self) -> str:
        length = self.scalar("<Q")
        self.at += length
        if self.at > len(self.bytes):
            raise DataError("the file ends within a text")
        return bytes(self.bytes[self.at - length : self.at]).decode("utf-8")

    def value(self, kind: int) -> Any:
        if kind == TEXT:
            return self.text()
        if kind == LIST:
            kind, count = self.scalar("<I"), self.scalar("<Q")
            return [self.value(kind) for _ in range(count)]
        if kind not in SCALARS:
            raise DataError(f"unknown kind of value {kind}")
        return self.scalar(SCALARS[kind])

    def tensor(self) -> Tensor:
        """Read one row of the table of arrays; its start is counted from the first array."""
        name, axes = self.text(), self.scalar("<I")
        shape = tuple(self.scalar("<Q") for _ in range(axes))[::-1]
        number, start = self.scalar("<I"), self.scalar("<Q")
        if number not in KINDS:
            raise DataError(f"{name} is of kind {number}, which this reader does not know")
        kind, weights, size = KINDS[number]
        return Tensor(name, shape, kind, start, math.prod(shape) // weights * size)


def written(
    facts: bytes, count: int, tensors: dict[str, tuple[str, tuple[int, ...], bytes]]
) -> bytes:
    """Return a GGUF file: `facts` as bytes, then arrays of a kind, a shape and their bytes.

    Parameters
    ----------
    facts : bytes
        Names and values, as `fact` writes them.
    count : int
        How many there are.
    tensors : dict of str to (kind, shape, bytes)
    """
    numbers = {kind: number for number, (kind, _, _) in KINDS.items()}
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), count) + facts
    body = b""
    for name, (kind, shape, content) in tensors.items():
        checks.one_of("kind", kind, tuple(numbers))
        head += _text(name) + struct.pack("<I", len(shape))
        head += struct.pack(f"<{len(shape)}Q", *shape[::-1])
        head += struct.pack("<IQ", numbers[kind], len(body))
        body += content + bytes(-len(content) % 32)
    return head + bytes(-len(head) % 32) + body


def fact(name: str, value: object) -> bytes:
    """Return the bytes of one fact: a text, a truth value, a number or a list of texts.

    Whole numbers take 32 bits without a sign, others 32 bits, as in the files we read.
    """
    head = _text(name)
    if isinstance(value, str):
        return head + struct.pack("<I", TEXT) + _text(value)
    if isinstance(value, list):
        texts = b"".join(map(_text, value))
        return head + struct.pack("<IIQ", LIST, TEXT, len(value)) + texts
    kind = {bool: 7, int: 4, float: 6}[type(value)]
    return head + struct.pack("<I", kind) + struct.pack(SCALARS[kind], value)


def _text(text: str) -> bytes:
    encoded = text.encode("utf-8")
    return struct.pack("<Q", len(encoded)) + encoded
