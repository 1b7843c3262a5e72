"""Exercises and quick questions on BERT."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
