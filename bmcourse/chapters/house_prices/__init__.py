"""Exercises and quick questions on house prices."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
