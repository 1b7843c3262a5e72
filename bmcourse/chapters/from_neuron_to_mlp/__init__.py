"""Exercises and quick questions on neurons and networks."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
