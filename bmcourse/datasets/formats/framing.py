"""Texts as one array of bytes: each text is one line of JSON in UTF-8.

In JSON a line feed inside a text is written as two signs, so that it cannot be taken for the end
of a row, whatever the text holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from bmcourse.datasets.errors import DataError
from bmcourse.datasets.formats.streams import Bytes


def framed(texts: Iterable[str]) -> bytes:
    r"""Return the bytes of all texts.

    Examples
    --------
    >>> framed(["two\nlines", "你好"]).decode()
    '"two\\nlines"\n"你好"\n'
    """
    return "".join(f"{json.dumps(text, ensure_ascii=False)}\n" for text in texts).encode("utf-8")


def unframed(values: Bytes) -> tuple[str, ...]:
    r"""Return the texts that `framed` made the bytes from.

    Examples
    --------
    >>> unframed(np.frombuffer(framed(["two\nlines", ""]), np.uint8))
    ('two\nlines', '')
    """
    lines = values.tobytes().decode("utf-8").split("\n")
    return tuple(map(json.loads, lines[:-1]))


def fill_rows(
    texts: Sequence[str],
    labels: Sequence[int],
    groups: Sequence[int],
    out: Mapping[str, Bytes],
) -> None:
    """Fill the arrays ``texts``, ``labels`` and ``groups`` from rows.

    Raises
    ------
    DataError
        If there are more or fewer rows or bytes than the arrays have places, or a number is
        beyond 255.
    """
    content = np.frombuffer(framed(texts), np.uint8)
    if len(labels) != len(out["labels"]) or len(content) != len(out["texts"]):
        raise DataError(
            f"must hold {len(out['labels']):,} texts, {len(out['texts']):,} bytes in all, "
            f"got {len(labels):,} texts and {len(content):,} bytes"
        )
    if not all(0 <= number <= 255 for number in (*labels, *groups)):
        raise DataError("must hold labels and groups from 0 to 255 only")
    out["texts"][:] = content
    out["labels"][:] = labels
    out["groups"][:] = groups
