"""Exercises, quick questions and stored measurements on compression."""

from bmcourse.exercises import Questions

questions = Questions(__file__)
