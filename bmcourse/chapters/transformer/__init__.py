"""Exercises and quick questions on the transformer."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
