"""The stored passages of this book, verified."""

from __future__ import annotations

import json
import lzma
from functools import lru_cache

from bmcourse import checks
from bmcourse.datasets import shipped
from bmcourse.recipes.answers.passages import Passage, digest

FILE = "book_passages.json.xz"
DIGEST = "aa1fef32f2b981c1874b760b69bffc13c7a88d28d1c68efdcc06938f105adaee"


@lru_cache
def passages() -> tuple[Passage, ...]:
    """Return the passages as they stood when the questions were written.

    Raises
    ------
    DataError
        If the file is missing, or is not the published one.
    ValueError
        If its passages are others.
    """
    about = shipped.registry(shipped.TEXTS)["book_passages"]
    rows = json.loads(lzma.decompress(shipped.read(FILE, about["sha256"], shipped.TEXTS)))
    found = tuple(Passage(**row) for row in rows)
    if digest(found) != DIGEST:
        checks.fail(FILE, f"passages with the digest {DIGEST}", digest(found))
    return found
