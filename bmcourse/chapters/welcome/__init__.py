"""Exercises and quick questions on first steps."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
