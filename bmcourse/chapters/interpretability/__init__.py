"""Exercises and quick questions on explaining a network."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
