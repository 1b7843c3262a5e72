"""Exercises and quick questions on fast training."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
