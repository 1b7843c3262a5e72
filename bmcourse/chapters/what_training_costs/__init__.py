"""Exercises and quick questions on what training costs."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
