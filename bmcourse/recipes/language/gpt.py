"""GPT in Keras: the network of chapters 19 and 20, as deep and as wide as asked for."""

from __future__ import annotations

from typing import Any

import keras

from bmcourse import checks


@keras.saving.register_keras_serializable(package="bmcourse")
class TokenEmbedding(keras.layers.Embedding):
    """One table used twice: ids to vectors and, with ``reverse=True``, vectors to logits.

    Press and Wolf, "Using the Output Embedding to Improve Language Models", 2017.
    """

    def call(self, inputs: Any, reverse: bool = False) -> Any:
        """Return vectors (batch, steps, features), or logits (batch, steps, ids)."""
        if reverse:
            return keras.ops.matmul(inputs, keras.ops.transpose(self.embeddings))
        return super().call(inputs)

    def compute_output_spec(self, inputs: Any, reverse: bool = False) -> keras.KerasTensor:
        """Return shape and type of what `call` returns."""
        if reverse:
            return keras.KerasTensor((*inputs.shape[:-1], self.input_dim), self.compute_dtype)
        return keras.KerasTensor((*inputs.shape, self.output_dim), self.compute_dtype)


@keras.saving.register_keras_serializable(package="bmcourse")
class PositionEmbedding(keras.layers.Layer):
    """Add a learned vector to each place: that of its number.

    Parameters
    ----------
    length : int
        The most places.
    """

    def __init__(self, length: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.length = checks.integer("length", length)

    def build(self, input_shape: tuple[Any, ...]) -> None:
        """Make the table, shape (length, features)."""
        shape = (self.length, input_shape[-1])
        small = keras.initializers.RandomNormal(stddev=0.02)
        self.position_embeddings = self.add_weight(
            shape=shape, initializer=small, name="position_embeddings"
        )

    def call(self, inputs: Any) -> Any:
        """Return inputs (batch, steps, features) with the vectors added."""
        return inputs + self.position_embeddings[: keras.ops.shape(inputs)[1]]

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to make this layer again."""
        return {**super().get_config(), "length": self.length}


def gpt(
    *, vocabulary: int, context: int, features: int, blocks: int, heads: int, dropout: float = 0.0
) -> keras.Model:
    """Return an untrained GPT: ids (batch, context) in, logits (batch, context, vocabulary) out.

    Blocks with the norm first, GELU in its tanh form, four times as many hidden units as features,
    and one table for the ids at both ends, as in GPT-2.

    Parameters
    ----------
    vocabulary : int
        How many ids there are.
    context : int
        The most ids that it sees at once.
    features, blocks, heads : int
    dropout : float
        Share of the numbers set to 0 after the embeddings and at the end of each branch.

    References
    ----------
    Radford and others, "Language Models are Unsupervised Multitask Learners", 2019.
    """
    table = TokenEmbedding(
        vocabulary, features, embeddings_initializer=_small(), name="token_embedding"
    )
    ids = keras.Input((None,), dtype="int32", name="ids")
    x = PositionEmbedding(context, name="position_embedding")(table(ids))
    x = keras.layers.Dropout(dropout)(x)
    for number in range(blocks):
        x = _block(x, f"block_{number}", features, heads, dropout, blocks)
    x = keras.layers.LayerNormalization(epsilon=1e-3, name="last_norm")(x)
    return keras.Model(ids, table(x, reverse=True), name="gpt")


def _block(x: Any, name: str, features: int, heads: int, dropout: float, blocks: int) -> Any:
    layers = keras.layers
    last = _small(0.02 / (2 * blocks) ** 0.5)  # the ends of the branches, as in GPT-2
    y = layers.LayerNormalization(epsilon=1e-3, name=f"{name}_attention_norm")(x)
    y = layers.MultiHeadAttention(
        heads, features // heads, kernel_initializer=_small(), name=f"{name}_attention"
    )(y, y, use_causal_mask=True)
    x = x + layers.Dropout(dropout)(y)
    y = layers.LayerNormalization(epsilon=1e-3, name=f"{name}_hidden_norm")(x)
    y = layers.Dense(4 * features, kernel_initializer=_small(), name=f"{name}_hidden")(y)
    y = layers.Activation(_gelu)(y)
    y = layers.Dense(features, kernel_initializer=last, name=f"{name}_output")(y)
    return x + layers.Dropout(dropout)(y)


@keras.saving.register_keras_serializable(package="bmcourse", name="gelu_tanh")
def _gelu(x: Any) -> Any:
    return keras.activations.gelu(x, approximate=True)


def _small(stddev: float = 0.02) -> keras.Initializer:
    return keras.initializers.RandomNormal(stddev=stddev)
