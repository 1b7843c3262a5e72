"""Exercises and quick questions on customer service."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
