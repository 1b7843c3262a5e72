"""Exercises and quick questions on class imbalance."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
