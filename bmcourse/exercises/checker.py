"""Check a learner's attempt: against a reference, then against the usual mistakes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from bmcourse.exercises import progress
from bmcourse.outputs import in_notebook, show

Case = tuple[Any, ...]
Status = Literal["blank", "right", "wrong"]
MARKS: dict[Status, str] = {"blank": "○", "right": "✓", "wrong": "✗"}


@dataclass(frozen=True)
class Mistake:
    """A usual mistake: a small wrong function, and the hint for those who made it."""

    function: Callable[..., Any]
    hint: str


@dataclass(frozen=True)
class Verdict:
    """What the checker found: a status and the sentence that the learner reads."""

    status: Status
    message: str


@dataclass(frozen=True)
class Exercise:
    """An exercise that can judge an attempt.

    Parameters
    ----------
    name : str
        Title shown to the learner.
    reference : callable
        The right answer.
    cases : callable
        Takes a `numpy.random.Generator`, returns a sequence of argument tuples, from the
        smallest to the largest.
    mistakes : sequence of Mistake
        The usual wrong answers. Each differs from the reference in at least one case.
    rtol, atol : float
        Tolerances for comparing numbers.

    Notes
    -----
    An attempt may be a function, or, for an exercise without arguments, a value. A
    function that returns None or ``...`` everywhere, or raises NotImplementedError, counts as
    not attempted.

    Examples
    --------
    >>> double = Exercise(
    ...     "double a number",
    ...     reference=lambda x: 2 * x,
    ...     cases=lambda rng: [(1.0,), (3.0,)],
    ...     mistakes=[Mistake(lambda x: x**2, "You squared it.")],
    ... )
    >>> double.check(...)
    ○ double a number: not attempted yet
    >>> double.check(lambda x: x + x)
    ✓ double a number: right
    >>> double.check(lambda x: x * x)
    ✗ double a number: You squared it.
    >>> double.check(lambda x: x)
    ✗ double a number: for input 1.0, expected 2.0, received 1.0
    """

    name: str
    reference: Callable[..., Any]
    cases: Callable[[np.random.Generator], Sequence[Case]]
    mistakes: Sequence[Mistake] = ()
    rtol: float = 1e-6
    atol: float = 1e-9

    def check(self, attempt: Any) -> None:
        """Judge an attempt and show the verdict; a wrong one never stops the notebook.

        In a notebook, a right one is noted in the learner's own record (see `progress`), unless
        it is one of our solutions: those have names that end in ``_solution``.
        """
        verdict = self.judge(attempt)
        ours = getattr(attempt, "__name__", "").endswith("_solution")
        if verdict.status == "right" and not ours and in_notebook():
            progress.record(self.name)
        show(f"{self.name}: {verdict.message}", mark=MARKS[verdict.status])

    def require(self, attempt: Any) -> None:
        """Raise an error unless an attempt is right: for grading.

        Raises
        ------
        AssertionError
            With what the learner would read.
        """
        verdict = self.judge(attempt)
        if verdict.status != "right":
            raise AssertionError(f"{self.name}: {verdict.message}")

    def judge(self, attempt: Any) -> Verdict:
        """Judge an attempt: blank, right, or wrong with a hint or the smallest failing case."""
        function = attempt if callable(attempt) else lambda *_: attempt
        cases = list(self.cases(np.random.default_rng(0)))
        answers = [_call(function, case) for case in cases]
        if all(map(_is_blank, answers)):
            return Verdict("blank", "not attempted yet")
        expected = [_call(self.reference, case) for case in cases]
        if self._same(answers, expected):
            return Verdict("right", "right")
        for mistake in self.mistakes:
            if self._same(answers, [_call(mistake.function, case) for case in cases]):
                return Verdict("wrong", mistake.hint)
        failing = next(i for i in range(len(cases)) if not self._same([answers[i]], [expected[i]]))
        return Verdict("wrong", _describe(cases[failing], expected[failing], answers[failing]))

    def _same(self, left: Sequence[Any], right: Sequence[Any]) -> bool:
        return all(_equal(a, b, self.rtol, self.atol) for a, b in zip(left, right, strict=True))


class _Raised(str):
    """Stands for an exception: the text of what was raised."""


def _call(function: Callable[..., Any], case: Case) -> Any:
    try:
        return function(*copy.deepcopy(case))
    except Exception as error:
        return _Raised(f"{type(error).__name__}: {error}")


def _is_blank(answer: Any) -> bool:
    unwritten = isinstance(answer, _Raised) and answer.startswith("NotImplementedError")
    return unwritten or answer is None or answer is ...


def _equal(left: Any, right: Any, rtol: float, atol: float) -> bool:
    if isinstance(left, (tuple, list)) and isinstance(right, (tuple, list)):
        return len(left) == len(right) and all(
            _equal(a, b, rtol, atol) for a, b in zip(left, right, strict=True)
        )
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            _equal(left[key], right[key], rtol, atol) for key in left
        )
    if isinstance(left, str) or isinstance(right, str) or left is None or right is None:
        return type(left) is type(right) and left == right
    try:
        a, b = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    except (TypeError, ValueError):
        return bool(left == right)
    return a.shape == b.shape and np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True)


def _describe(case: Case, expected: Any, received: Any) -> str:
    given = f"for input {', '.join(map(_text, case))}, " if case else ""
    if isinstance(received, _Raised):
        return f"{given}your code raised {received}"
    left, right = _shape(expected), _shape(received)
    if left != right:
        return f"{given}expected {left}, received {right}: {_text(received)}"
    return f"{given}expected {_text(expected)}, received {_text(received)}"


def _shape(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return f"{len(value)} values"
    return f"shape {np.shape(value)}"


def _text(value: Any) -> str:
    if isinstance(value, np.ndarray):
        if value.size > 24:
            return f"an array of shape {value.shape}"
        return np.array2string(value, precision=4, separator=", ").replace("\n", "")
    if isinstance(value, (float, np.floating)):
        return f"{value:.6g}" if not float(value).is_integer() else f"{float(value)}"
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(map(_text, value)) + ")"
    return repr(value.item() if isinstance(value, np.generic) else value)
