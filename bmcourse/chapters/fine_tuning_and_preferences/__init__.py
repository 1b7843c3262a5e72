"""Exercises, questions and data on fine-tuning and preferences."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
