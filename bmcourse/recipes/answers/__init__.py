"""Answers from a book: find the passage, refuse or write, and check what was written."""
