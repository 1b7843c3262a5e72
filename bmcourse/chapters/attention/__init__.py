"""Exercises and quick questions on attention."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
