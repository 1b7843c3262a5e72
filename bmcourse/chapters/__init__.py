"""The content of each chapter: its exercises, with the usual mistakes, and its quick questions."""
