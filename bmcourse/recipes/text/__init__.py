"""Classifiers of texts: three networks in Keras, and the mean of word vectors."""

from bmcourse.recipes.text.mean_vectors import mean_vectors
from bmcourse.recipes.text.networks import as_printed, convolution, fit, mean_of_embeddings

__all__ = ["as_printed", "convolution", "fit", "mean_of_embeddings", "mean_vectors"]
