"""Language models in Keras: the network, its training on windows of a text, its score."""
