"""Exercises and quick questions on MNIST with Keras."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
