"""Three networks that read the numbers of words and answer with a probability.

All take arrays of shape (batch, length): numbers of a `bmcourse.text.Vocabulary`, 0 for padding.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy.typing as npt
from keras import layers


def as_printed(length: int, vocab_size: int = 32_000, d_model: int = 768) -> keras.Model:
    """Return the network that an article calls BERT, layer by layer as it is printed.

    It has three inputs. Rows of the embedding whose word never comes change nothing, so a smaller
    `vocab_size` that covers all words is the same network.
    """
    input_ids, input_mask, segment_ids = (layers.Input((length,), dtype="int32") for _ in range(3))
    for unused in (input_mask, segment_ids):  # older Keras refuses an input without any layer
        layers.Identity()(unused)  # nothing reads what it gives
    x = layers.Embedding(vocab_size, d_model)(input_ids)
    x = layers.Dropout(0.1)(x)
    x = layers.Dropout(0.1)(x)
    for _ in range(2):
        x = layers.Conv1D(128, 5, activation="relu")(x)
        x = layers.MaxPooling1D(3)(x)
    x = layers.GlobalAveragePooling1D()(x)
    output = layers.Dense(1, activation="sigmoid")(x)
    return keras.Model([input_ids, input_mask, segment_ids], output)


def convolution(
    length: int, vocab_size: int, *, width: int = 64, filters: int = 128, kernel_size: int = 3
) -> keras.Model:
    """Return the article's network, mended: each filter reports its best match in the text.

    One input, one convolution over neighbouring words, the largest answer over all places, as in
    Kim, "Convolutional Neural Networks for Sentence Classification", 2014.
    """
    return keras.Sequential(
        [
            layers.Input((length,), dtype="int32"),
            layers.Embedding(vocab_size, width),
            layers.Dropout(0.3),
            layers.Conv1D(filters, kernel_size, activation="relu", padding="same"),
            layers.GlobalMaxPooling1D(),
            layers.Dropout(0.3),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def mean_of_embeddings(length: int, vocab_size: int, *, width: int = 64) -> keras.Model:
    """Return a learned vector for each word, their mean without padding, and a logistic unit."""
    return keras.Sequential(
        [
            layers.Input((length,), dtype="int32"),
            layers.Embedding(vocab_size, width, mask_zero=True),
            layers.GlobalAveragePooling1D(),
            layers.Dropout(0.3),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def fit(
    model: keras.Model,
    training: tuple[Any, npt.ArrayLike],
    validation: tuple[Any, npt.ArrayLike],
    *,
    learning_rate: float = 1e-3,
    epochs: int = 10,
    batch_size: int = 32,
) -> float:
    """Train with Adam; keep the weights of the epoch that is best on the validation texts.

    Returns
    -------
    float
        The accuracy on the validation texts.
    """
    adam = keras.optimizers.Adam(learning_rate)
    model.compile(optimizer=adam, loss="binary_crossentropy", metrics=["accuracy"])
    best = keras.callbacks.EarlyStopping(
        "val_accuracy", mode="max", patience=epochs, restore_best_weights=True
    )
    history = model.fit(
        *training,
        validation_data=validation,
        epochs=epochs,
        batch_size=batch_size,
        callbacks=[best],
        verbose=0,
    )
    return float(max(history.history["val_accuracy"]))
