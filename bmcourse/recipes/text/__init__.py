"""Classifiers of texts: networks in Keras, the mean of word vectors, and a fair comparison."""

from bmcourse.recipes.text.mean_vectors import mean_vectors
from bmcourse.recipes.text.networks import as_printed, convolution, fit, mean_of_embeddings
from bmcourse.recipes.text.paired import PairedGap, paired_gap

__all__ = [
    "PairedGap",
    "as_printed",
    "convolution",
    "fit",
    "mean_of_embeddings",
    "mean_vectors",
    "paired_gap",
]
