"""Exercises and quick questions on losses."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
