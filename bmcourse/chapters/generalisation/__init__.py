"""Exercises and quick questions on generalisation."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
