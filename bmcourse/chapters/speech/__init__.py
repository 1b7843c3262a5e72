"""Exercises and quick questions on speech."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
