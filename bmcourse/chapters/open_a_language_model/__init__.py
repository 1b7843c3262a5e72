"""Exercises and quick questions on a published language model, opened."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
