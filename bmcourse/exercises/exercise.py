"""Check a learner's attempt: against a reference, then against the usual mistakes."""

from __future__ import annotations

import dis
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np

from bmcourse.exercises.comparing import Raised, call, equal
from bmcourse.exercises.hints import are_near, numeric_slip, read_mistakes, usual_slip
from bmcourse.exercises.wording import difference, given, kind, other_kind
from bmcourse.learner import record
from bmcourse.outputs import in_notebook, show

Case = tuple[Any, ...]
Status = Literal["blank", "right", "wrong"]
MARKS: dict[Status, str] = {"blank": "○", "right": "✓", "wrong": "✗"}
NEAR = ". All your numbers are near the right ones: is that an approximation, or a simulation?"
OF_AN_EMPTY_BODY = {"RESUME", "NOP", "CACHE", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}


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
    mistakes : mapping
        The usual wrong answers, each with the hint for those who made it; the first that fits
        speaks. A wrong answer is a function, or an expression as text: it may use the parameters
        of the reference and what the reference's module holds. It differs from the reference in
        at least one case, and may raise an error: then it stands for all that raise the same
        error, whatever the numbers in its text, for the same cases.
    rtol, atol : float
        Tolerances for comparing numbers.
    instead : str
        Shown instead of the expected numbers, where the numbers are wrong. For an exercise
        without arguments, whose expected numbers are the whole answer.

    Notes
    -----
    An attempt may be a function, or, for an exercise without arguments, a value. A function
    counts as not attempted if its body is empty (``...``, ``pass``, a docstring), if it
    returns ``...``, or if it raises NotImplementedError.

    Examples
    --------
    >>> double = Exercise(
    ...     "double a number",
    ...     reference=lambda x: 2 * x,
    ...     cases=lambda rng: [(1.0,), (3.0,)],
    ...     mistakes={"x**2": "You squared it."},
    ... )
    >>> double.check(...)
    ○ double a number: not attempted yet
    >>> double.check(lambda x: x + x)
    ✓ double a number: right
    >>> double.check(lambda x: x * x)
    ✗ double a number: You squared it.
    >>> double.check(lambda x: x)
    ✗ double a number: for x = 1.0: expected 2.0, received 1.0
    """

    name: str
    reference: Callable[..., Any]
    cases: Callable[[np.random.Generator], Sequence[Case]]
    mistakes: Mapping[str | Callable[..., Any], str] = field(default_factory=dict)
    rtol: float = 1e-6
    atol: float = 1e-9
    instead: str = ""

    @cached_property
    def wrong(self) -> list[tuple[Callable[..., Any], str]]:
        """The usual wrong answers as functions, each with its hint."""
        return read_mistakes(self.mistakes, self.reference)

    def check(self, attempt: Any) -> None:
        """Judge an attempt and show the verdict; a wrong one never stops the notebook.

        In a notebook, a right one is noted in the learner's own record. A function whose name
        ends in ``_solution`` is ours: it is not noted, and the verdict says whose it is.
        """
        verdict = self.judge(attempt)
        ours = getattr(attempt, "__name__", "").endswith("_solution")
        right = verdict.status == "right"
        if right and not ours and in_notebook():
            record.note(self.name)
        told = "our solution is right" if right and ours else verdict.message
        show(f"{self.name}: {told}", mark=MARKS[verdict.status])

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
        answers = [call(function, case) for case in cases]
        if _is_blank(attempt, answers):
            return Verdict("blank", "not attempted yet")
        expected = [call(self.reference, case) for case in cases]
        same = partial(equal, rtol=self.rtol, atol=self.atol)
        if same(answers, expected):
            return Verdict("right", "right")
        hint = self._hint(cases, answers) or usual_slip(expected, answers, same)
        if hint:
            return Verdict("wrong", hint)
        failing = [same(*pair) for pair in zip(answers, expected, strict=True)].index(False)
        right, answer = expected[failing], answers[failing]
        if self.instead:
            return Verdict("wrong", other_kind(right, answer) or self.instead)
        hint = numeric_slip(expected, answers, same)
        if hint:
            return Verdict("wrong", hint)
        words = given(attempt, cases[failing], values=kind(answer) == kind(right))
        near = NEAR if are_near(expected, answers, same) else ""
        return Verdict("wrong", words + difference(right, answer, same) + near)

    def _hint(self, cases: Sequence[Case], answers: Sequence[Any]) -> str | None:
        with np.errstate(all="ignore"):  # warnings on a mistake of ours would puzzle the learner
            for function, hint in self.wrong:
                wrong = [call(function, case) for case in cases]
                if equal(answers, wrong, rtol=self.rtol, atol=self.atol):
                    return hint
        return None


def _is_blank(attempt: Any, answers: Sequence[Any]) -> bool:
    """Say whether nothing was written: a function with a body of dots returns None, too."""
    unwritten = [_is_unwritten(answer) for answer in answers]
    if all(answer is None for answer in answers):
        return _does_nothing(attempt)
    return all(blank or answer is None for blank, answer in zip(unwritten, answers, strict=True))


def _is_unwritten(answer: Any) -> bool:
    return answer is ... or (isinstance(answer, Raised) and answer.kind == "NotImplementedError")


def _does_nothing(attempt: Any) -> bool:
    code = getattr(attempt, "__code__", None)
    if code is None:
        return not callable(attempt)
    return all(step.opname in OF_AN_EMPTY_BODY for step in dis.get_instructions(code))
