"""Exercises and quick questions on back-propagation."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
