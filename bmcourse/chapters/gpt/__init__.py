"""Exercises and quick questions on GPT."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
