"""Say in one sentence how an answer differs from the expected one, whatever it is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.answers import Raised, numbers

Array = npt.NDArray[Any]
Same = Callable[[Any, Any], bool]
LONGEST_VALUE = 100  # characters; a longer value is described, not shown
LONGEST_INPUT = {True: 60, False: 20}  # where its values matter, and where they do not
LONGEST_ERROR = 200
MOST_PARTS = 4  # of which all orders are tried
NOTHING = "Your function returned nothing (None). End it with `return`."


def usual_slip(expected: Sequence[Any], answers: Sequence[Any], same: Same) -> str | None:
    """Return a hint on a slip that can happen in every exercise, or None.

    Parameters
    ----------
    expected, answers : sequence
        The right and the given answer to each case.
    same : callable
        Says whether two answers are the same.

    Examples
    --------
    >>> usual_slip([0.5], ["50%"], same=lambda a, b: a == b)
    'Return a number, not a text.'
    """
    if all(answer is None for answer in answers):
        return NOTHING
    pairs = list(zip(expected, answers, strict=True))
    if all(_is_number(right) and isinstance(answer, str) for right, answer in pairs):
        return "Return a number, not a text."
    if all(_without_its_keys(right, answer, same) for right, answer in pairs):
        return f"The numbers are right. Return them in a dictionary with {_keys(expected[0])}."
    if all(_are_lists(*pair) and len(pair[0]) == len(pair[1]) <= MOST_PARTS for pair in pairs):
        orders = permutations(range(len(expected[0])))
        if any(all(_in_order(order, *pair, same) for pair in pairs) for order in orders):
            return "The values are right, but their order is not."
    return None


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
    if _are_lists(expected, received) and len(expected) == len(received):
        if not all(_is_number(part) for part in (*expected, *received)):
            return _parts(_numbered(expected), _numbered(received), same)
    elif _are_lists(expected, received):
        return f"expected {_count(expected)}, received {len(received)}"
    kinds = f"expected {kind(expected)}, received {kind(received)}"
    return _of_numbers(expected, received) or kinds


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
        return f"a dictionary with {_keys(value)}" if value else "an empty dictionary"
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


def _error(raised: Raised) -> str:
    return f"your code raised {_cut(str(raised), LONGEST_ERROR)}"


def _of_numbers(expected: Any, received: Any) -> str:
    a, b = numbers(expected), numbers(received)
    if a is None or b is None:
        return ""
    if a.shape != b.shape:
        both = a.shape and b.shape and not _has_list(expected, received)
        return f"expected shape {a.shape}, received {b.shape}" if both else ""
    texts = shown(expected), shown(received)
    if texts[0] != texts[1] and not {kind(expected), kind(received)} & {*texts}:
        return f"expected {texts[0]}, received {texts[1]}"
    place = _furthest(a, b)
    where = f" at [{', '.join(map(str, place))}]" if place else ""
    return f"expected {a[place]:.10g}{where}, received {b[place]:.10g}"


def _furthest(a: Array, b: Array) -> tuple[int, ...]:
    with np.errstate(all="ignore"):
        gap = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0, np.abs(a - b))
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
        return f"{_keys(missing)} {'is' if len(missing) == 1 else 'are'} missing{have}"
    return f"return {_keys(expected)} only{have}" if extra else ""


def _without_its_keys(expected: Any, answer: Any, same: Same) -> bool:
    if not isinstance(expected, dict) or not isinstance(answer, (tuple, list)):
        return False
    return same(list(answer), list(expected.values()))


def _in_order(order: Sequence[int], expected: Any, answer: Any, same: Same) -> bool:
    return len(order) == len(expected) and same(list(answer), [expected[i] for i in order])


def _parameters(attempt: Any) -> list[str]:
    try:
        parameters = inspect.signature(attempt).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def _named(name: str, value: Any, longest: int) -> str:
    text = shown(value, longest)
    if text != kind(value) or _is_number(value):
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


def _is_number(value: Any) -> bool:
    array = numbers(value) if not isinstance(value, (tuple, list)) else None
    return array is not None and array.shape == ()


def _are_lists(*values: Any) -> bool:
    return all(isinstance(value, (tuple, list)) for value in values)


def _has_list(*values: Any) -> bool:
    return any(isinstance(value, (tuple, list)) for value in values)


def _numbered(values: Sequence[Any]) -> dict[str, Any]:
    return {f"value {place}": value for place, value in enumerate(values, start=1)}


def _count(values: Sequence[Any]) -> str:
    arrays = values and all(isinstance(value, np.ndarray) for value in values)
    noun = "number" if all(map(_is_number, values)) else "array" if arrays else "value"
    return f"one {noun}" if len(values) == 1 else f"{len(values)} {noun}s"


def _keys(names: Collection[Any]) -> str:
    return f"the {'key' if len(names) == 1 else 'keys'} {_listed(names)}"


def _listed(names: Iterable[Any]) -> str:
    *rest, last = [_cut(str(name), 30) for name in names]
    return f"{', '.join(rest)} and {last}" if rest else last


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]} …"
