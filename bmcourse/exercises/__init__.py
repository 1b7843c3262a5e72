"""Exercises that recognise the usual mistakes, and quick questions: the engine, without content.

The exercises of a chapter, and its questions, lie in `bmcourse.chapters`.
"""

from bmcourse.exercises.exercise import Case, Exercise
from bmcourse.exercises.questions import Questions

__all__ = ["Case", "Exercise", "Questions"]
