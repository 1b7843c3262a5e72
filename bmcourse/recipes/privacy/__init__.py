"""What a model tells about its training data, and how to make it tell less."""
