"""Keras models, schedules and callbacks that several notebooks share."""
