"""Exercises and quick questions on gradient descent."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
