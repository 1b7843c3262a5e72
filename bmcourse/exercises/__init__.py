"""Exercises that recognise the usual mistakes; one module a chapter."""

from bmcourse.exercises.checker import Exercise, Mistake

__all__ = ["Exercise", "Mistake"]
