"""Keras models and batches for images."""
