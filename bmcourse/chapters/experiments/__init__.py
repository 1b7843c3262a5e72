"""Exercises and quick questions on experiments."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
