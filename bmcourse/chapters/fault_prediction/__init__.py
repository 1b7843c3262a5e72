"""Exercises and quick questions on warnings before a fault."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
