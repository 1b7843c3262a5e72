"""Exercises and quick questions on convolution and pooling."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
