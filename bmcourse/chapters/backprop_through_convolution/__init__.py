"""Exercises and quick questions on back-propagation through convolution."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
