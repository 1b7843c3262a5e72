"""Exercises and quick questions on what a model tells about its training data."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
