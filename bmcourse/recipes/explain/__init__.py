"""Explain what a trained network did: its inputs, its features, its heads."""
