from __future__ import annotations

import re

import numpy as np
import pytest

from bmcourse import checks


@pytest.mark.parametrize("value", [0, -1, 1.0, "2", None, True, np.True_])
def test_integer_refuses(value: object) -> None:
    message = f"units must be a whole number of at least 1, got {value!r}"
    with pytest.raises(ValueError, match=re.escape(message)):
        checks.integer("units", value)


def test_integer_takes_its_smallest_value() -> None:
    assert checks.integer("units", 1) == 1
    assert checks.integer("pixels", 0, at_least=0) == 0


def test_integer_takes_numpy_integers() -> None:
    assert checks.integer("units", np.int64(3)) == 3
    assert type(checks.integer("units", np.int64(3))) is int


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "x", "0.1", b"0.1", None, True, 1.0, -0.1]
)
def test_number_refuses(value: object) -> None:
    with pytest.raises(ValueError, match=r"rate must be a finite number at least 0 and below 1"):
        checks.number("rate", value, at_least=0, below=1)


def test_number_bounds() -> None:
    assert checks.number("rate", 0, at_least=0) == 0.0
    assert checks.number("rate", 1, at_most=1) == 1.0
    with pytest.raises(ValueError, match="above 0"):
        checks.number("rate", 0, above=0)
    with pytest.raises(ValueError, match="at most 1"):
        checks.number("rate", 1.1, at_most=1)


@pytest.mark.parametrize(
    ("value", "options", "message"),
    [
        ([1, 2], {"ndim": 2}, "x must be an array with 2 dimensions, got shape (2,)"),
        ([[1, 2]], {"shape": (None, 3)}, "of shape (any, 3), got shape (1, 2)"),
        ([], {}, "x must be an array that is not empty, got shape (0,)"),
        (["a"], {}, "x must be an array of numbers, got dtype <U1"),
        ([[1, np.nan]], {}, "x must be an array of finite numbers, got nan at index (0, 1)"),
        ([[1], [1, 2]], {}, "x must be an array whose rows have one length"),
        (np.ma.masked_equal([1, 2], 2), {}, "x must be an array without a mask"),
        ([np.ma.masked, 1.0], {}, "x must be an array without a mask"),
        ((np.ma.masked_equal([1, 2], 2), [3, 4]), {}, "x must be an array without a mask"),
        (np.array([1, "a"], object), {}, "x must be an array of numbers, got dtype object"),
        ([np.inf, -np.inf], {}, "x must be an array of finite numbers, got inf at index (0,)"),
    ],
)
def test_array_refuses(value: object, options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        checks.array("x", value, **options)  # type: ignore[arg-type]


def test_array_accepts_finite_numbers_whose_sum_overflows() -> None:
    largest = np.finfo(np.float64).max
    assert checks.array("x", [largest, largest]).shape == (2,)


def test_array_takes_objects_that_are_numbers() -> None:
    objects = np.array([[np.float32(0.5), 1], [True, np.int8(2)]], dtype=object)
    found = checks.array("x", objects)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, [[0.5, 1], [1, 2]])


def test_generator() -> None:
    rng = np.random.default_rng(0)
    assert checks.generator("rng", rng) is rng
    for seed in (0, 42, np.int32(3)):
        wanted = np.random.default_rng(seed).random(3)
        np.testing.assert_array_equal(checks.generator("rng", seed).random(3), wanted)
    first, second = (checks.generator("rng", None, fresh=True).random() for _ in range(2))
    assert first != second


@pytest.mark.parametrize("value", [None, True, -1, 1.0, "0", np.random.RandomState(0)])
def test_generator_refuses(value: object) -> None:
    with pytest.raises(ValueError, match=r"rng must be a numpy.random.Generator or a seed"):
        checks.generator("rng", value)  # type: ignore[arg-type]


def test_instance() -> None:
    checks.instance("x", 3, int, "3")
    with pytest.raises(ValueError, match=r"x must be an object such as 3, got 'adam'"):
        checks.instance("x", "adam", int, "3")


@pytest.mark.parametrize("value", [[0, 3], [-1, 0], [0.5, 1.0], [True, False]])
def test_labels_refuse(value: object) -> None:
    with pytest.raises(ValueError, match="y must be whole numbers from 0 to 2"):
        checks.labels("y", value, classes=3)  # type: ignore[arg-type]


def test_same_length() -> None:
    assert checks.same_length(x=np.zeros(2), y=np.zeros((2, 5))) == 2
    with pytest.raises(ValueError, match="x and y must be of the same length, got x: 2, y: 3"):
        checks.same_length(x=np.zeros(2), y=np.zeros(3))


def test_one_of() -> None:
    assert checks.one_of("padding", "same", ("valid", "same")) == "same"
    with pytest.raises(ValueError, match="padding must be one of 'valid', 'same', got 'full'"):
        checks.one_of("padding", "full", ("valid", "same"))
