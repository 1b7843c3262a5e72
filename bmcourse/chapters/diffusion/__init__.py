"""Exercises and quick questions on diffusion."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
