"""Train the network that judges digits in later chapters, and store its weights.

    python benchmarks/digits_cnn.py

The article's network for MNIST (000 §5), four epochs over all 60,000 training images. Nothing is
chosen by a score: the test accuracy is recorded once, of the weights as they are stored.
"""

from __future__ import annotations

from machine import store, store_weights

from bmcourse import datasets, runtime, weights

SEED, EPOCHS, BATCH = 0, 4, 64


def main() -> None:
    runtime.start(SEED)
    from bmcourse.recipes.vision import mnist

    data = datasets.mnist()
    model = mnist.article_model()
    x, x_test = mnist.as_input(data.x_train), mnist.as_input(data.x_test)
    model.fit(x, data.y_train, batch_size=BATCH, epochs=EPOCHS, verbose=2)
    arrays = {w.path.partition("/")[2]: w.numpy() for w in model.weights}
    store_weights(__file__, arrays, seed=SEED, network="CNN 32-64-64, dense 64-10, for MNIST")
    model.set_weights(list(weights.load("digits_cnn").values()))  # in half precision, as stored
    accuracy = model.evaluate(x_test, data.y_test, batch_size=1000, verbose=0)[1]
    about = {"data": data.describe(), "seed": SEED, "epochs": EPOCHS, "batch": BATCH}
    store(__file__, {**about, "test_accuracy": round(float(accuracy), 4)})


if __name__ == "__main__":
    main()
