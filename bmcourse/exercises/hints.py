"""Hints for wrong answers: those of an exercise, and slips that can happen in every exercise."""

from __future__ import annotations

import builtins
import inspect
import symtable
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.comparing import Raised, are_lists, equal, is_number, numbers
from bmcourse.exercises.wording import keys

Array = npt.NDArray[Any]
Same = Callable[[Any, Any], bool]
MOST_DIGITS = 6
NEAR = 0.05  # relative to the right number
MOST_PARTS = 4  # of which all orders are tried
NOTHING = "Your function returned nothing (None). End it with `return`."
TOGETHER: dict[str, Callable[[Array], Any]] = {
    "Those are the parts. Return their sum.": np.sum,
    "Those are the parts. Return their mean.": np.mean,
    "Return only the last of these numbers.": lambda parts: parts[-1],
}


def read_mistakes(
    mistakes: Mapping[str | Callable[..., Any], str], reference: Callable[..., Any]
) -> list[tuple[Callable[..., Any], str]]:
    """Return the usual wrong answers as functions, each with its hint, in their order.

    Parameters
    ----------
    mistakes : mapping
        From a wrong answer to its hint. A wrong answer is a function, or an expression as text
        that uses the parameters of `reference` and the names in its module.
    reference : callable
        The right answer.

    Raises
    ------
    ValueError
        If an expression cannot be read, or uses a name that is unknown there.

    Examples
    --------
    >>> [(double, hint)] = read_mistakes({"2 * x": "You doubled it."}, lambda x: x**2)
    >>> double(4), hint
    (8, 'You doubled it.')
    """
    return [
        (_read(wrong, reference) if isinstance(wrong, str) else wrong, hint)
        for wrong, hint in mistakes.items()
    ]


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
    if all(is_number(right) and isinstance(answer, str) for right, answer in pairs):
        return "Return a number, not a text."
    if all(_without_its_keys(right, answer, same) for right, answer in pairs):
        return f"The numbers are right. Return them in a dictionary with {keys(expected[0])}."
    if all(are_lists(*pair) and len(pair[0]) == len(pair[1]) <= MOST_PARTS for pair in pairs):
        orders = permutations(range(len(expected[0])))
        if any(all(_in_order(order, *pair, same) for pair in pairs) for order in orders):
            return "The values are right, but their order is not."
    return None


def numeric_slip(expected: Sequence[Any], answers: Sequence[Any], same: Same) -> str | None:
    """Return a hint if all answers differ from the right ones in one simple way, or None.

    Parameters
    ----------
    expected, answers : sequence
        The right and the given answer to each case.
    same : callable
        Says whether two answers are the same.

    Examples
    --------
    >>> close = lambda a, b: bool(np.allclose(np.ravel(a), np.ravel(b)))
    >>> numeric_slip([0.25, -2.5], [-0.25, 2.5], same=close)
    'The size is right, the sign is not.'
    >>> numeric_slip([0.123, 0.456], [0.12, 0.46], same=close)
    'Right, but rounded. Return all digits.'
    >>> numeric_slip([3.0, 6.0], [[3.0], [1.0, 5.0]], same=close)
    'Those are the parts. Return their sum.'
    """
    right, given = _arrays(expected), _arrays(answers)
    if right is None or given is None:
        return None
    if [a.shape for a in right] == [b.shape for b in given]:
        return _of_values(right, given, same)
    lists = all(b.ndim == 1 and b.size for b in given) and any(b.size > 1 for b in given)
    if lists and all(a.shape == () for a in right):
        return next((h for h, f in TOGETHER.items() if same([f(b) for b in given], right)), None)
    return None


def _read(expression: str, reference: Callable[..., Any]) -> Callable[..., Any]:
    text = f"lambda {', '.join(_parameters(reference))}: ({expression})"
    try:
        table = symtable.symtable(text, "a mistake", "eval")
    except SyntaxError as error:
        raise ValueError(f"a mistake must be an expression, got {expression!r}") from error
    known: dict[str, Any] = getattr(reference, "__globals__", {})
    unknown = sorted({*_outer_names(table)} - known.keys() - vars(builtins).keys())
    if unknown:
        names = ", ".join(unknown)
        raise ValueError(f"a mistake must use known names only, got {names} in {expression!r}")
    function: Callable[..., Any] = eval(text, known)  # noqa: S307 - text of our own, no input
    return function


def _parameters(reference: Callable[..., Any]) -> list[str]:
    parameters = inspect.signature(reference).parameters.values()
    return [
        p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty
    ]


def _outer_names(table: symtable.SymbolTable) -> Iterator[str]:
    yield from (symbol.get_name() for symbol in table.get_symbols() if symbol.is_global())
    for inner in table.get_children():
        yield from _outer_names(inner)


def are_near(expected: Sequence[Any], answers: Sequence[Any], same: Same) -> bool:
    """Say whether all answers are wrong and near the right ones, as those of a simulation are.

    Examples
    --------
    >>> close = lambda a, b: bool(np.allclose(a, b))
    >>> are_near([0.5, 1.25], [0.51, 1.24], close), are_near([0.5, 1.25], [0.51, 1.25], close)
    (True, False)
    """
    right, given = _arrays(expected), _arrays(answers)
    if right is None or given is None or all(np.array_equal(a, np.round(a)) for a in right):
        return False
    pairs = list(zip(right, given, strict=True))
    return all(a.shape == b.shape and np.allclose(a, b, rtol=NEAR, atol=0) for a, b in pairs) and (
        not any(same(*pair) for pair in pairs)
    )


def _of_values(right: list[Array], given: list[Array], same: Same) -> str | None:
    if not any(np.any(b) for b in given):
        return None
    if same([-a for a in right], given):
        return "The size is right, the sign is not."
    if all(np.all(a <= 1) for a in right) and same([100 * a for a in right], given):
        return "Right, but in per cent. Divide by 100."
    values = np.concatenate([np.ravel(b) for b in given])
    if len(np.unique(values)) > 1 and any(
        same([np.round(a, digits) for a in right], given) for digits in range(1, MOST_DIGITS + 1)
    ):
        return "Right, but rounded. Return all digits."
    singles = [b.astype(np.float32) for b in given]
    if all(map(np.array_equal, given, singles)) and all(
        equal(a, b, rtol=0, atol=0) for a, b in zip(right, singles, strict=True)
    ):
        return "Right to about five digits only. Did you compute in float32? Compute in float64."
    return None


def _arrays(values: Sequence[Any]) -> list[Array] | None:
    found = [None if isinstance(value, Raised | dict) else numbers(value) for value in values]
    arrays = [array for array in found if array is not None and array.dtype.kind == "f"]
    return arrays if len(arrays) == len(values) else None


def _without_its_keys(expected: Any, answer: Any, same: Same) -> bool:
    if not isinstance(expected, dict) or not isinstance(answer, (tuple, list)):
        return False
    return same(list(answer), list(expected.values()))


def _in_order(order: Sequence[int], expected: Any, answer: Any, same: Same) -> bool:
    return len(order) == len(expected) and same(list(answer), [expected[i] for i in order])
