"""Exercises and quick questions on texts as numbers."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
