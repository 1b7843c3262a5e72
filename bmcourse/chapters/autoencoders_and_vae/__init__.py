"""Exercises and quick questions on autoencoders."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
