"""Exercises and quick questions on CIFAR-10 with Keras."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
