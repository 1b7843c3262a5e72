"""Exercises and quick questions on two networks in a game."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
