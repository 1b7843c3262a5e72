"""Exercises and quick questions on the life cycle of a model."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
