"""Exercises and quick questions on recommendation."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
