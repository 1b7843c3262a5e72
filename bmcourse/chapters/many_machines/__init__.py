"""Exercises and quick questions on training with many machines."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
