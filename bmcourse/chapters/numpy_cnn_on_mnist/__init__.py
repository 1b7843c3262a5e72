"""Exercises and quick questions on a convolutional network in NumPy."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
