"""The language model before the transformer: an LSTM, in Keras."""

from __future__ import annotations

import keras

from bmcourse.recipes.language.gpt import TokenEmbedding


def lstm(
    *, vocabulary: int, units: int, dropout: float = 0.0, embedding_stddev: float = 0.02
) -> keras.Model:
    """Return an untrained LSTM: ids (batch, steps) in, logits (batch, steps, vocabulary) out.

    One layer of as many units as features; one table for the ids at both ends, as in `gpt`.

    References
    ----------
    Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997.
    """
    first = keras.initializers.RandomNormal(stddev=embedding_stddev)
    table = TokenEmbedding(vocabulary, units, embeddings_initializer=first, name="token_embedding")
    ids = keras.Input((None,), dtype="int32", name="ids")
    x = keras.layers.Dropout(dropout)(table(ids))
    x = keras.layers.LSTM(units, return_sequences=True, name="lstm")(x)
    return keras.Model(ids, table(keras.layers.Dropout(dropout)(x), reverse=True), name="lstm")
