"""Say in one sentence how an answer differs from the expected one, whatever it is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.comparing import Raised, are_lists, is_number, numbers

Array = npt.NDArray[Any]
Same = Callable[[Any, Any], bool]
LONGEST_VALUE = 100  # characters; a longer value is described, not shown
LONGEST_INPUT = {True: 60, False: 20}  # where its values matter, and where they do not
LONGEST_ERROR = 200


def given(attempt: Any, case: Sequence[Any], *, values: bool = True) -> str:
    """Return the words for the input, with the names that the attempt gives it.

    Parameters
    ----------
    attempt : object
        The function that the learner wrote, or a value.
    case : sequence
        What the function was called with.
    values : bool
        Whether the numbers matter, so that longer inputs are written out.

    Examples
    --------
    >>> given(lambda x, rate: 0, (np.zeros((30, 2)), 0.1))
    'for x of shape (30, 2), rate = 0.1: '
    """
    if not case:
        return ""
    longest = LONGEST_INPUT[values]
    names = _parameters(attempt)[: len(case)]
    if len(names) < len(case):
        return f"for input {', '.join(shown(value, longest) for value in case)}: "
    words = [_named(name, value, longest) for name, value in zip(names, case, strict=True)]
    return f"for {', '.join(words)}: "


def difference(expected: Any, received: Any, same: Same) -> str:
    """Return how an answer differs from the expected one: the parts that are wrong only.

    Examples
    --------
    >>> difference(0.5, [0.5], same=lambda a, b: a == b)
    'expected one number, received a list with one number'
    >>> difference({"dX": 1.0, "dW": 2.0}, {"dx": 1.0, "dW": 2.0}, same=lambda a, b: a == b)
    'the key dX is missing (you have dx)'
    """
    if isinstance(received, Raised):
        return _error(received)
    if isinstance(expected, dict) and isinstance(received, dict):
        return _other_keys(expected, received) or _parts(expected, received, same)
    if are_lists(expected, received) and len(expected) == len(received):
        if not all(is_number(part) for part in (*expected, *received)):
            return _parts(_numbered(expected), _numbered(received), same)
    elif are_lists(expected, received):
        return f"expected {_count(expected)}, received {len(received)}"
    kinds = f"expected {kind(expected)}, received {kind(received)}"
    return _of_numbers(expected, received, same) or kinds


def other_kind(expected: Any, received: Any) -> str:
    """Return how an answer differs in kind or shape, without its numbers, or an empty text.

    Examples
    --------
    >>> other_kind([[1, 2]], [3, 4])
    'expected shape (1, 2), received a list with 2 numbers'
    >>> other_kind([[1, 2]], [[3, 4]])
    ''
    """
    if isinstance(received, Raised):
        return _error(received)
    a, b = numbers(expected), numbers(received)
    if a is not None and b is not None and a.shape == b.shape:
        return ""
    wanted = kind(expected) if a is None else f"shape {a.shape}"
    return f"expected {wanted}, received {kind(received)}"


def kind(value: Any) -> str:
    """Return what a value is, in a few words.

    Examples
    --------
    >>> kind((0.5,)), kind([np.zeros(3), np.zeros(2)]), kind(np.zeros((2, 1)))
    ('a tuple with one number', 'a list with 2 arrays', 'an array of shape (2, 1)')
    >>> kind(2.5), kind("2.5"), kind({2.5})
    ('one number', 'a text', 'a value of the type set')
    """
    if value is None:
        return "nothing (None)"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, dict):
        return f"a dictionary with {keys(value)}" if value else "an empty dictionary"
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} with {_count(value)}"
    array = numbers(value)
    if array is None:
        return f"a value of the type {type(value).__name__}"
    return "one number" if array.shape == () else f"an array of shape {array.shape}"


def shown(value: Any, longest: int = LONGEST_VALUE) -> str:
    """Return a value as text, or, if that is long or fails, what kind of value it is."""
    try:
        text = _literal(value)
    except Exception:  # an object's own repr may raise anything
        return kind(value)
    return text if len(text) <= longest else kind(value)


def keys(names: Collection[Any]) -> str:
    """Return the words for the keys of a dictionary.

    Examples
    --------
    >>> keys({"dX": 1, "dW": 2})
    'the keys dX and dW'
    """
    return f"the {'key' if len(names) == 1 else 'keys'} {_listed(names)}"


def _error(raised: Raised) -> str:
    return f"your code raised {_cut(str(raised), LONGEST_ERROR)}"


def _of_numbers(expected: Any, received: Any, same: Same) -> str:
    a, b = numbers(expected), numbers(received)
    if a is None or b is None:
        return ""
    if a.shape != b.shape:
        both = a.shape and b.shape and not _has_list(expected, received)
        return f"expected shape {a.shape}, received {b.shape}" if both else ""
    texts = shown(expected), shown(received)
    if texts[0] != texts[1] and not {kind(expected), kind(received)} & {*texts}:
        return f"expected {texts[0]}, received {texts[1]}"
    place = _furthest(a, b, same)
    where = f" at [{', '.join(map(str, place))}]" if place else ""
    return f"expected {a[place]:.10g}{where}, received {b[place]:.10g}"


def _furthest(a: Array, b: Array, same: Same) -> tuple[int, ...]:
    """Return the place of the widest gap among the numbers that are not the same."""
    agree = np.array([same(*pair) for pair in zip(a.flat, b.flat, strict=True)]).reshape(a.shape)
    with np.errstate(all="ignore"):
        gap = np.where(agree, 0, np.abs(a - b))
    return tuple(map(int, np.unravel_index(np.argmax(np.nan_to_num(gap, nan=np.inf)), a.shape)))


def _parts(expected: dict[Any, Any], received: dict[Any, Any], same: Same) -> str:
    wrong = [name for name in expected if not same(received[name], expected[name])]
    told = [f"{name}: {difference(expected[name], received[name], same)}" for name in wrong[:2]]
    return "; ".join(told)


def _other_keys(expected: dict[Any, Any], received: dict[Any, Any]) -> str:
    missing = [key for key in expected if key not in received]
    extra = [key for key in received if key not in expected]
    have = f" (you have {_listed(extra)})" if extra else ""
    if missing:
        return f"{keys(missing)} {'is' if len(missing) == 1 else 'are'} missing{have}"
    return f"return {keys(expected)} only{have}" if extra else ""


def _parameters(attempt: Any) -> list[str]:
    try:
        parameters = inspect.signature(attempt).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def _named(name: str, value: Any, longest: int) -> str:
    text = shown(value, longest)
    if text != kind(value) or is_number(value):
        return f"{name} = {text}"
    if isinstance(value, np.ndarray):
        return f"{name} of shape {value.shape}"
    return f"{name} of length {len(value)}" if isinstance(value, (tuple, list, str)) else name


def _literal(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        inside = ", ".join(map(_literal, value))
        comma = "," if len(value) == 1 else ""
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{comma})"
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=4, separator=", ").replace("\n", "")
    if isinstance(value, (float, np.floating)):
        return f"{value:.6g}" if not float(value).is_integer() else f"{float(value)}"
    return repr(value.item() if isinstance(value, np.generic) else value)


def _has_list(*values: Any) -> bool:
    return any(isinstance(value, (tuple, list)) for value in values)


def _numbered(values: Sequence[Any]) -> dict[str, Any]:
    return {f"value {place}": value for place, value in enumerate(values, start=1)}


def _count(values: Sequence[Any]) -> str:
    arrays = values and all(isinstance(value, np.ndarray) for value in values)
    noun = "number" if all(map(is_number, values)) else "array" if arrays else "value"
    return f"one {noun}" if len(values) == 1 else f"{len(values)} {noun}s"


def _listed(names: Iterable[Any]) -> str:
    *rest, last = [_cut(str(name), 30) for name in names]
    return f"{', '.join(rest)} and {last}" if rest else last


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]} …"
