"""TensorBoard's event files, read by hand: frames with checksums around each event."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path


@cache
def _table() -> tuple[int, ...]:
    """Return the checksum of each byte."""
    found = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        found.append(byte)
    return tuple(found)


def checksum(data: bytes) -> int:
    """Return the CRC-32C of bytes, turned and shifted as event files have it.

    Notes
    -----
    "Masked" so that a checksum of data that holds checksums stays useful: the 32 bits are turned
    right by 15 places, and a constant is added.
    """
    total, table = 0xFFFFFFFF, _table()
    for byte in data:
        total = total >> 8 ^ table[(total ^ byte) & 0xFF]
    total ^= 0xFFFFFFFF
    return ((total >> 15 | total << 17) + 0xA282EAD8) & 0xFFFFFFFF


def frames(path: Path) -> Iterator[bytes]:
    """Yield the events of a file, each still packed.

    A frame is: its length (8 bytes), the checksum of these (4), the event, its checksum (4). A
    frame that is not whole ends the file: its writer is at work, or was killed.

    Raises
    ------
    ValueError
        If a checksum does not fit.
    """
    content, start = path.read_bytes(), 0
    while start + 12 <= len(content):
        length, of_length = struct.unpack_from("<QI", content, start)
        if checksum(content[start : start + 8]) != of_length:
            raise ValueError(f"{path.name}: damaged length at byte {start}")
        data, end = content[start + 12 : start + 12 + length], start + 16 + length
        if end > len(content):
            return
        if checksum(data) != struct.unpack_from("<I", content, end - 4)[0]:
            raise ValueError(f"{path.name}: damaged event at byte {start}")
        yield data
        start = end
