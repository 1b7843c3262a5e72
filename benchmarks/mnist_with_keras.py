"""Train the article's MNIST network for 5 epochs, and the fast recipe for 2, over seeds.

    python benchmarks/mnist_with_keras.py

Both run in one process, one after the other for each seed; the result is stored beside this
script with the date, the kind of machine and the command. The accuracy on the test set is
recorded after every epoch, and decides nothing.
"""

from __future__ import annotations

import statistics

from machine import store

from bmcourse import datasets, runtime

SEEDS = (0, 1, 2)
VALIDATION = 5_000


def train(name: str, data: datasets.Dataset, seed: int) -> dict[str, object]:
    import keras

    from bmcourse.recipes.vision import mnist

    keras.utils.set_random_seed(seed)
    x, y = mnist.as_input(data.x_train), data.y_train
    images = len(x) - VALIDATION
    fast = name == "fast"
    model = mnist.fast_model(images) if fast else mnist.article_model()
    x_test, y_test = mnist.as_input(data.x_test), data.y_test
    tested: list[float] = []

    def test(epoch: int, logs: object) -> None:
        tested.append(round(model.evaluate(x_test, y_test, 1000, verbose=0)[1], 4))

    with runtime.Timer(name, quiet=True) as timer:
        history = model.fit(
            x[:images],
            y[:images],
            batch_size=mnist.FAST_BATCH if fast else 32,
            epochs=2 if fast else 5,
            validation_data=(x[images:], y[images:]),
            verbose=0,
            callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=test)],
        )
    row = {
        "seed": seed,
        "seconds": round(timer.seconds, 1),
        "validation": [round(v, 4) for v in history.history["val_accuracy"]],
        "test": tested,
    }
    print(name, row, flush=True)
    return row


def main() -> None:
    runtime.start(0)
    data = datasets.mnist()
    rows: dict[str, list[dict[str, object]]] = {"article": [], "fast": []}
    for seed in SEEDS:
        for name in rows:
            rows[name].append(train(name, data, seed))
    pairs = zip(rows["fast"], rows["article"], strict=True)
    ratio = statistics.median(float(f["seconds"]) / float(a["seconds"]) for f, a in pairs)  # type: ignore[arg-type]
    store(__file__, {"data": data.describe(), "time_ratio": round(ratio, 3), "runs": rows})


if __name__ == "__main__":
    main()
