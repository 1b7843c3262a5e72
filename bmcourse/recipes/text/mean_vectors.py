"""A text as the mean of its words' vectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from bmcourse.datasets import WordVectors


def mean_vectors(texts: Sequence[Iterable[str]], vectors: WordVectors) -> npt.NDArray[np.float32]:
    """Return the mean vector of each text, shape (n, features); zeros where no word is known.

    Parameters
    ----------
    texts : sequence of iterables of str
        The words of each text, in small letters.
    vectors : WordVectors
    """
    found = np.zeros((len(texts), vectors.vectors.shape[1]), np.float32)
    for place, text in enumerate(texts):
        known = [vectors.number[word] for word in text if word in vectors.number]
        if known:
            found[place] = vectors.vectors[known].mean(axis=0)
    return found
