"""BERT in Keras: blocks that look both ways, and three heads on top of them."""

from __future__ import annotations

from typing import Any

import keras

from bmcourse import checks
from bmcourse.recipes.language.gpt import TokenEmbedding, feed_forward
from bmcourse.recipes.language.rotary_attention import RotaryAttention

PADDING, CLASS, SEPARATOR, MASK = range(4)  # the first ids; those of the tokenizer come after them
SPECIALS = 4


def encoder(
    *,
    vocabulary: int,
    features: int,
    blocks: int,
    heads: int,
    dropout: float = 0.0,
    stddev: float = 0.05,
    embedding_stddev: float = 0.1,
) -> keras.Model:
    """Return the untrained body: ids and segments (batch, places) in, a vector a place out.

    As BERT, with the norm first and rotary positions, which learn faster at this size. Places with
    the id `PADDING` are not looked at.

    Parameters
    ----------
    vocabulary : int
        How many ids there are, the special ones included.
    features, blocks, heads : int
    dropout : float
        Share of the numbers set to 0 after the embeddings and at the end of each branch.
    stddev, embedding_stddev : float
        Spread of the first weights of the blocks, and of the first vectors.

    References
    ----------
    Devlin and others, "BERT: Pre-training of Deep Bidirectional Transformers", 2018.
    """
    checks.integer("vocabulary", vocabulary, at_least=SPECIALS + 1)
    spread = keras.initializers.RandomNormal
    first, last = spread(stddev=stddev), spread(stddev=stddev / (2 * blocks) ** 0.5)
    wide = spread(stddev=embedding_stddev)
    ids = keras.Input((None,), dtype="int32", name="ids")
    segments = keras.Input((None,), dtype="int32", name="segments")
    table = TokenEmbedding(
        vocabulary, features, embeddings_initializer=wide, name="token_embedding"
    )
    segment = keras.layers.Embedding(
        2, features, embeddings_initializer=first, name="segment_embedding"
    )
    x = keras.layers.Dropout(dropout)(table(ids) + segment(segments))
    seen = keras.ops.expand_dims(keras.ops.not_equal(ids, PADDING), 1)  # (batch, 1, places)
    for number in range(blocks):
        name = f"block_{number}"
        y = keras.layers.LayerNormalization(epsilon=1e-3, name=f"{name}_attention_norm")(x)
        y = RotaryAttention(
            heads, features // heads, kernel_initializer=first, name=f"{name}_attention"
        )(y, y, attention_mask=seen)
        x = x + keras.layers.Dropout(dropout)(y)
        y = feed_forward(x, name, features, first, last)
        x = x + keras.layers.Dropout(dropout)(y)
    x = keras.layers.LayerNormalization(epsilon=1e-3, name="last_norm")(x)
    return keras.Model([ids, segments], x, name="encoder")


def pretraining(body: keras.Model, *, next_sentence: bool = True) -> keras.Model:
    """Return the body with the heads of pre-training.

    Takes ids and segments (batch, places) and the `places` that were masked (batch, masked).
    Gives `masked`, logits (batch, masked, vocabulary), and with `next_sentence` also `next`, one
    logit (batch, 1), from the vector of the first place.
    """
    places = keras.Input((None,), dtype="int32", name="places")
    features = body.output_shape[-1]
    table = body.get_layer("token_embedding")
    at = keras.ops.take_along_axis(body.output, keras.ops.expand_dims(places, -1), axis=1)
    y = keras.layers.Dense(features, name="masked_hidden")(at)
    y = keras.layers.LayerNormalization(epsilon=1e-3, name="masked_norm")(
        keras.activations.gelu(y, approximate=True)
    )
    masked = OutputBias(name="masked")(table(y, reverse=True))
    outputs = {"masked": masked}
    if next_sentence:
        first = keras.layers.Dense(features, activation="tanh", name="pooler")(body.output[:, 0])
        outputs["next"] = keras.layers.Dense(1, name="next")(first)
    return keras.Model([*body.inputs, places], outputs, name="bert")


@keras.saving.register_keras_serializable(package="bmcourse")
class OutputBias(keras.layers.Layer):
    """Add a learned number to each logit: how common each id is."""

    def build(self, input_shape: tuple[Any, ...]) -> None:
        """Make the numbers, shape (vocabulary,)."""
        self.bias = self.add_weight(shape=(input_shape[-1],), initializer="zeros", name="bias")

    def call(self, inputs: Any) -> Any:
        """Return logits (..., vocabulary) with the numbers added."""
        return inputs + self.bias


def classifier(body: keras.Model, *, dropout: float = 0.1) -> keras.Model:
    """Return the body, the mean of its vectors over the places that are no padding, one logit."""
    ids = body.inputs[0]
    real = keras.ops.expand_dims(keras.ops.cast(keras.ops.not_equal(ids, PADDING), "float32"), -1)
    total = keras.ops.sum(body.output * real, axis=1)
    mean = total / keras.ops.maximum(keras.ops.sum(real, axis=1), 1.0)
    logit = keras.layers.Dense(1, kernel_initializer="zeros", name="label")(
        keras.layers.Dropout(dropout)(mean)
    )
    return keras.Model(body.inputs, logit, name="classifier")
