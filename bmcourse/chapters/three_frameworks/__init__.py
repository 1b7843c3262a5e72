"""Exercises and quick questions on three frameworks."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
