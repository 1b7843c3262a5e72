from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import (
    SGD,
    Adam,
    BinaryCrossentropy,
    Dense,
    MeanSquaredError,
    Sequential,
    SparseCategoricalCrossentropy,
    Tanh,
)


def blobs(rng, n=200):
    labels = rng.integers(0, 3, n)
    centres = np.array([[0, 3], [3, 0], [-3, -3]])
    return centres[labels] + rng.standard_normal((n, 2)), labels


def small_network(seed=0):
    rng = np.random.default_rng(seed)
    return Sequential([Dense(2, 8, rng=rng), Tanh(), Dense(8, 3, rng=rng)])


def test_learns_and_records(rng, capsys):
    x, y = blobs(rng)
    model = small_network()
    history = model.fit(
        x,
        y,
        loss=SparseCategoricalCrossentropy(),
        optimizer=Adam(0.02),
        epochs=10,
        batch_size=32,
        validation_data=blobs(rng),
        rng=rng,
        progress=True,
    )
    assert history.val_accuracy[-1] > 0.95
    assert history.loss[-1] < history.loss[0]
    columns = (history.loss, history.accuracy, history.val_loss, history.val_accuracy)
    assert {len(column) for column in (*columns, history.seconds)} == {10}
    assert len(history.batch_loss) == 10 * 7  # 200 examples in batches of 32
    assert "epoch 10/10" in capsys.readouterr().out


def test_one_full_batch_is_gradient_descent_by_hand(rng):
    x, y = rng.standard_normal((9, 2)), rng.standard_normal((9, 1))
    model = Sequential([Dense(2, 1, rng=rng, dtype=np.float64)])
    kernel = model.params["0_Dense.kernel"].copy()
    history = model.fit(x, y, loss=MeanSquaredError(), optimizer=SGD(0.1), batch_size=9)
    error = x @ kernel - y
    np.testing.assert_allclose(model.params["0_Dense.kernel"], kernel - 0.1 * 2 * x.T @ error / 9)
    assert history.loss == pytest.approx([np.mean(error**2)])
    assert history.accuracy == history.val_loss == history.val_accuracy == []


def test_the_generator_decides_the_order(rng):
    x, y = blobs(rng)
    losses = []
    for seed in (1, 1, 2):
        history = small_network().fit(
            x,
            y,
            loss=SparseCategoricalCrossentropy(),
            optimizer=SGD(0.1),
            rng=np.random.default_rng(seed),
        )
        losses.append(history.batch_loss)
    assert losses[0] == losses[1] != losses[2]


def test_parameters_stay_the_same_arrays(rng):
    model = small_network()
    kernel = model.layers[0].params["kernel"]
    before = kernel.copy()
    x, y = blobs(rng)
    model.fit(x, y, loss=SparseCategoricalCrossentropy(), optimizer=SGD(0.1))
    assert model.layers[0].params["kernel"] is kernel
    assert not np.array_equal(kernel, before)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": np.zeros((0, 2))}, "x must be an array that is not empty"),
        ({"x": np.full((4, 2), np.nan)}, "x must be an array of finite numbers"),
        ({"y": np.zeros((3, 1))}, "x and y must be of the same length, got x: 4, y: 3"),
        ({"epochs": 0}, "epochs must be a whole number of at least 1, got 0"),
        ({"batch_size": -1}, "batch_size must be a whole number of at least 1, got -1"),
        ({"loss": MeanSquaredError}, r"loss must be an object such as MeanSquaredError\(\), got"),
        ({"optimizer": "adam"}, r"optimizer must be an object such as Adam\(\), got 'adam'"),
        ({"optimizer": SGD}, r"optimizer must be an object such as Adam\(\), got <class"),
        ({"rng": 0.5}, "rng must be a numpy.random.Generator or a seed"),
        ({"x": [[1.0], [1.0, 2.0]]}, "x must be an array whose rows have one length"),
        ({"threads": 0}, "threads must be a whole number of at least 1, got 0"),
    ],
)
def test_refuses_bad_input(change, message):
    arguments = {"x": np.ones((4, 2)), "y": np.ones((4, 1)), "loss": BinaryCrossentropy()}
    model = Sequential([Dense(2, 1)])
    with pytest.raises(ValueError, match=message):
        model.fit(**{**arguments, "optimizer": SGD(), **change})


def batches_seen(epochs, **settings):
    """Return which examples each step of a training looked at, in its order."""
    seen = []

    class Spy(MeanSquaredError):
        def forward(self, logits, targets):
            seen.append(np.ravel(targets).astype(int).tolist())
            return super().forward(logits, targets)

    x = np.arange(10.0)[:, np.newaxis]
    model = Sequential([Dense(1, 1, rng=0)])
    history = model.fit(
        x, x, loss=Spy(), optimizer=SGD(1e-4), epochs=epochs, batch_size=4, threads=1, **settings
    )
    return seen, history


def test_every_epoch_walks_through_all_examples_in_a_new_order():
    seen, _ = batches_seen(3, rng=5)
    assert [len(batch) for batch in seen] == [4, 4, 2] * 3
    epochs = [[*seen[i], *seen[i + 1], *seen[i + 2]] for i in (0, 3, 6)]
    for order in epochs:
        assert sorted(order) == list(range(10))
    assert epochs[0] != epochs[1] != epochs[2] != epochs[0]


def test_a_short_last_batch_counts_by_its_examples():
    rng = np.random.default_rng(0)
    x, y = blobs(rng, n=50)
    model, losses = small_network(), SparseCategoricalCrossentropy()
    start = {name: values.copy() for name, values in model.params.items()}
    history = model.fit(x, y, loss=losses, optimizer=SGD(0.0), batch_size=48, rng=rng)
    for name, values in model.params.items():  # at a rate of 0 nothing moves
        np.testing.assert_array_equal(values, start[name])
    whole = model.evaluate(x, y, loss=losses)
    assert history.loss[0] == pytest.approx(whole["loss"], rel=1e-6)
    assert history.accuracy[0] == pytest.approx(whole["accuracy"])
    assert abs(np.mean(history.batch_loss) - whole["loss"]) > 1e-3  # the plain mean is another


def test_a_seed_of_zero_is_a_seed():
    first, second, other = (batches_seen(1, rng=seed)[0] for seed in (0, 0, 1))
    assert first == second != other


def test_says_when_training_blows_up(rng):
    model = Sequential([Dense(2, 1, rng=rng)])
    x = 1e3 * rng.standard_normal((64, 2))
    with (
        np.errstate(over="ignore", invalid="ignore"),
        pytest.raises(ValueError, match="logits must be an array of finite numbers"),
    ):
        model.fit(x, x[:, :1], loss=MeanSquaredError(), optimizer=SGD(1e3), epochs=20)
