"""Exercises and quick questions on thresholds and money."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
