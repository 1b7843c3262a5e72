"""Settings of Hypothesis, and results that a checker must survive: wrong in every exercise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("course", derandomize=True, deadline=None)  # the same cases in each run
settings.load_profile("course")


class Awkward:
    """An object of which nothing works: no comparison, no text, no length, no array."""

    def _fail(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("no")

    __eq__ = __ne__ = __repr__ = __str__ = __len__ = __array__ = __bool__ = __iter__ = _fail
    __hash__ = object.__hash__


class Elementwise:
    """An object whose == gives an array, as that of a tensor or a table does."""

    def __eq__(self, other: object) -> Any:
        return np.array([True, True])

    __hash__ = object.__hash__


itself: list[Any] = []
itself.append(itself)


@pytest.fixture(scope="session")
def strange_answers() -> dict[str, Any]:
    import keras

    return {
        "ragged list": [np.zeros((2, 3)), np.ones((4, 1))],
        "ragged list, same first axis": [np.zeros((4, 3)), np.ones((4, 1))],
        "ragged numbers": [[1.0, 2.0], [3.0]],
        "dictionary": {"a": np.zeros(3)},
        "empty dictionary": {},
        "empty list": [],
        "text": "3",
        "percentage": "50.0%",
        "bytes": b"3",
        "texts": ["1", "2"],
        "array of texts": np.array(["1", "2"]),
        "set": {1, 2},
        "generator": (n for n in range(3)),
        "Keras's symbol": keras.Input((3,)),
        "Keras's tensor": keras.ops.ones((2, 9, 1)),
        "NaN": float("nan"),
        "complex": 1j,
        "an object of which nothing works": Awkward(),
        "an object compared elementwise": Elementwise(),
        "array of objects": np.array([None, {}, "3"], dtype=object),
        "a list that holds itself": itself,
        "type": int,
        "long text": "x" * 10_000,
        "many numbers": list(range(10_000)),
        "date": np.datetime64("2024-01-01"),
    }
