"""Exercises that recognise the usual mistakes.

Each chapter imports one module, which takes its longest exercises from modules of their own.
"""

from bmcourse.exercises.checker import Exercise, Mistake

__all__ = ["Exercise", "Mistake"]
