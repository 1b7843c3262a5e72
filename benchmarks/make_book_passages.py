"""Write the passages of this book as it is now, in the order of the chapters, then the glossary.

python benchmarks/make_book_passages.py

The questions of `bmcourse.recipes.answers` are written for the passages as they stand in the
package, so this script is run again only together with a new look at the questions.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from dataclasses import asdict
from pathlib import Path

from machine import write

from bmcourse.recipes.answers.passages import Passage, digest, of_chapter, of_glossary

ROOT = Path(__file__).parents[1]
LAST = 33  # the chapters that stood when the questions were written


def read() -> list[Passage]:
    found = []
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        number = int(path.name[:2])
        if number <= LAST:
            found += of_chapter(number, json.loads(path.read_text(encoding="utf-8")))
    return [*found, *of_glossary((ROOT / "book/glossary.md").read_text(encoding="utf-8"))]


if __name__ == "__main__":
    passages = read()
    rows = [asdict(passage) for passage in passages]
    content = lzma.compress(json.dumps(rows, ensure_ascii=False).encode(), preset=9)
    write(ROOT / "bmcourse/datasets/texts/book_passages.json.xz", content)
    print(
        len(rows), "passages,", len(content), "bytes, sha256", hashlib.sha256(content).hexdigest()
    )
    print("digest of the passages:", digest(passages))
