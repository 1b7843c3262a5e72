"""Find texts that stand more than once, before a split puts their copies on both sides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.text.cleaning import clean


def distinct(texts: Sequence[str], labels: npt.ArrayLike | None = None) -> npt.NDArray[np.intp]:
    """Return the places of texts that differ from each other, the first of each, in order.

    Two texts count as the same if they differ in spaces, capitals or markup alone. With labels, a
    text that stands with different labels is left out altogether: nobody knows which is right.

    Parameters
    ----------
    texts : sequence of str
    labels : array_like of shape (n,), optional
        Class numbers.

    Examples
    --------
    >>> distinct(["Good film", "good  film", "bad"])
    array([0, 2])
    >>> distinct(["Good film", "good  film", "bad"], [1, 0, 0])
    array([2])
    """
    if isinstance(texts, str):
        checks.fail("texts", "several texts, such as a list", "one text")
    known = [0] * len(texts) if labels is None else np.asarray(labels).tolist()
    if len(known) != len(texts):
        checks.fail("labels", f"one label for each of {len(texts)} texts", f"{len(known)}")
    first: dict[str, int] = {}
    meanings: dict[str, set[object]] = {}
    for place, (text, label) in enumerate(zip(texts, known, strict=True)):
        plain = clean(text)
        first.setdefault(plain, place)
        meanings.setdefault(plain, set()).add(label)
    kept = [place for plain, place in first.items() if len(meanings[plain]) == 1]
    return np.array(kept, dtype=np.intp)
