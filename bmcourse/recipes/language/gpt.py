"""GPT in Keras: the network of chapters 19 and 20, as deep and as wide as asked for."""

from __future__ import annotations

from typing import Any

import keras

from bmcourse import checks
from bmcourse.recipes.language.rotary_attention import RotaryAttention


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
    *,
    vocabulary: int,
    context: int,
    features: int,
    blocks: int,
    heads: int,
    dropout: float = 0.0,
    rotary: bool = False,
    stddev: float = 0.02,
    embedding_stddev: float = 0.02,
) -> keras.Model:
    """Return an untrained GPT: ids (batch, context) in, logits (batch, context, vocabulary) out.

    Blocks with the norm first, GELU in its tanh form, four times as many hidden units as features,
    and one table for the ids at both ends, as in GPT-2.

    Parameters
    ----------
    vocabulary : int
        How many ids there are.
    context : int
        The most ids that it sees at once. Rotary positions set no limit to it.
    features, blocks, heads : int
    dropout : float
        Share of the numbers set to 0 after the embeddings and at the end of each branch.
    rotary : bool
        Tell the places by turning queries and keys, not by a table of learned vectors.
    stddev : float
        Spread of the blocks' first weights; at the end of each branch divided by √(2 blocks).
    embedding_stddev : float
        Spread of the first vectors of the ids.

    References
    ----------
    Radford and others, "Language Models are Unsupervised Multitask Learners", 2019.
    Su and others, "RoFormer: Enhanced Transformer with Rotary Position Embedding", 2021.
    """
    first = keras.initializers.RandomNormal(stddev=stddev)
    table = TokenEmbedding(
        vocabulary,
        features,
        embeddings_initializer=keras.initializers.RandomNormal(stddev=embedding_stddev),
        name="token_embedding",
    )
    ids = keras.Input((None,), dtype="int32", name="ids")
    x = table(ids)
    if not rotary:
        x = PositionEmbedding(context, name="position_embedding")(x)
    x = keras.layers.Dropout(dropout)(x)
    attention = RotaryAttention if rotary else keras.layers.MultiHeadAttention
    last = keras.initializers.RandomNormal(stddev=stddev / (2 * blocks) ** 0.5)
    for number in range(blocks):
        name = f"block_{number}"
        y = keras.layers.LayerNormalization(epsilon=1e-3, name=f"{name}_attention_norm")(x)
        y = attention(heads, features // heads, kernel_initializer=first, name=f"{name}_attention")(
            y, y, use_causal_mask=True
        )
        x = x + keras.layers.Dropout(dropout)(y)
        y = feed_forward(x, name, features, first, last)
        x = x + keras.layers.Dropout(dropout)(y)
    x = keras.layers.LayerNormalization(epsilon=1e-3, name="last_norm")(x)
    return keras.Model(ids, table(x, reverse=True), name="gpt")


def feed_forward(x: Any, name: str, features: int, first: Any, last: Any) -> Any:
    """Return what the block's network adds at each place."""
    y = keras.layers.LayerNormalization(epsilon=1e-3, name=f"{name}_hidden_norm")(x)
    y = keras.layers.Dense(4 * features, kernel_initializer=first, name=f"{name}_hidden")(y)
    y = keras.layers.Activation(_gelu)(y)
    return keras.layers.Dense(features, kernel_initializer=last, name=f"{name}_output")(y)


@keras.saving.register_keras_serializable(package="bmcourse", name="gelu_tanh")
def _gelu(x: Any) -> Any:
    return keras.activations.gelu(x, approximate=True)
