"""Exercises and quick questions on recurrent networks."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
