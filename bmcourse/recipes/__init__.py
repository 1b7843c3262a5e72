"""Keras losses, schedules and callbacks that several notebooks share; models by subject below."""
