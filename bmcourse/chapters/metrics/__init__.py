"""Exercises and quick questions on metrics."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
