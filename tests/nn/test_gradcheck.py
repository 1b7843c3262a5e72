from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import (
    AveragePool2D,
    BatchNormalization,
    BinaryFocalCrossentropy,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPool2D,
    ReLU,
    Sequential,
    Softmax,
    SparseCategoricalCrossentropy,
    gradcheck,
)

IMAGE = (3, 7, 6, 2)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Dense(3, 4), (5, 3)),
        (Conv2D(2, 3, 3, 2, "same"), IMAGE),
        (MaxPool2D(3, 2, "same"), IMAGE),
        (AveragePool2D(3, 2, "same"), IMAGE),
        (BatchNormalization(2), IMAGE),
        (Dropout(0.5, np.random.default_rng(0)), (4, 9)),
        (Softmax(), (4, 5)),
    ],
)
@pytest.mark.parametrize("flat", [False, True])
def test_right_layers_pass_even_where_everything_ties(layer, shape, flat, rng):
    x = np.zeros(shape) if flat else rng.standard_normal(shape)
    report = gradcheck(layer, x, rng=rng)
    assert report.passed, str(report)
    assert [result.name for result in report.results] == ["x", *layer.params]
    assert all(result.directions == 3 for result in report.results)


def network(rng):
    layers = [Conv2D(1, 4, 3, rng=rng), ReLU(), MaxPool2D(2), Flatten(), Dense(36, 3, rng=rng)]
    return Sequential(layers)


def test_a_network_with_its_loss_passes_on_a_flat_background(rng):
    x = np.zeros((4, 8, 8, 1))
    x[:, 2:5, 2:5] = rng.random((4, 3, 3, 1))
    loss, targets = SparseCategoricalCrossentropy(), [0, 1, 2, 0]
    model = network(rng)
    before = model.params["0_Conv2D.kernel"].copy()
    report = gradcheck(model, x, rng=rng, loss=loss, targets=targets)
    assert report.passed, str(report)
    np.testing.assert_array_equal(model.params["0_Conv2D.kernel"], before)
    assert model.params["0_Conv2D.kernel"].dtype == np.float32


def test_a_loss_can_be_checked_alone(rng):
    identity = Dropout(0.0, rng)
    targets = rng.integers(0, 2, (5, 1))
    loss = BinaryFocalCrossentropy(2.0, 0.25)
    report = gradcheck(identity, rng.standard_normal((5, 1)), rng=rng, loss=loss, targets=targets)
    assert report.passed, str(report)


class Broken(Dense):
    """A dense layer with one mistake, named by `mistake`."""

    def __init__(self, mistake):
        super().__init__(3, 3)
        self.mistake = mistake

    def backward(self, grad_output):
        grad_x = super().backward(grad_output)
        if self.mistake == "no transpose":
            return grad_output @ self.params["kernel"]
        if self.mistake == "zero":
            return np.zeros_like(grad_x)
        if self.mistake == "sign":
            self.grads["bias"] = -self.grads["bias"]
        if self.mistake == "mean":
            self.grads["kernel"] = self.grads["kernel"] / len(grad_output)
        if self.mistake == "missing":
            del self.grads["bias"]
        if self.mistake == "shape":
            self.grads["bias"] = self.grads["bias"][None]
        if self.mistake == "nan":
            self.grads["kernel"][0, 0] = np.nan
        if self.mistake == "slightly off":
            self.grads["kernel"] *= 1 + 1e-5
        return grad_x


@pytest.mark.parametrize(
    ("mistake", "name", "words"),
    [
        ("no transpose", "x", "relative error"),
        ("zero", "x", "relative error"),
        ("sign", "bias", "relative error"),
        ("mean", "kernel", "relative error"),
        ("slightly off", "kernel", "relative error 1.0e-05"),
        ("missing", "bias", "backward stored no gradient"),
        ("shape", "bias", r"gradient has shape (1, 3), must be (3,)"),
        ("nan", "kernel", "gradient is not finite"),
    ],
)
def test_wrong_gradients_fail_and_are_named(mistake, name, words, rng):
    report = gradcheck(Broken(mistake), rng.standard_normal((5, 3)), rng=rng)
    assert not report.passed
    assert [result.name for result in report.results if not result.passed] == [name]
    (line,) = [line for line in str(report).splitlines() if line.startswith("FAIL")]
    assert name in line
    assert words in line


class TieSharer(MaxPool2D):
    """Sends a window's gradient to the last pixel, not to the winner."""

    def backward(self, grad_output):
        self.winner = np.full_like(self.winner, 3)
        return super().backward(grad_output)


def test_wrong_routing_fails(rng):
    assert not gradcheck(TieSharer(2), rng.standard_normal((2, 4, 4, 1)), rng=rng).passed


class Plain:
    """A learner's own layer: no base class, no `training`."""

    def __init__(self):
        self.params, self.grads = {"scale": np.array([2.0], "float32")}, {}

    def forward(self, x):
        self.x = x
        return self.params["scale"] * x

    def backward(self, grad_output):
        self.grads["scale"] = np.array([np.sum(grad_output * self.x)])
        return self.params["scale"] * grad_output


def test_any_object_with_the_four_names_will_do(rng):
    assert gradcheck(Plain(), rng.standard_normal((2, 3)), rng=rng).passed


class Jump(Plain):
    """A function with a kink at every scale of the probe: no slope anywhere."""

    def forward(self, x):
        return super().forward(np.round(x * 1e9) / 1e9)


def test_a_function_without_slope_gets_no_verdict(rng):
    report = gradcheck(Jump(), rng.standard_normal((2, 3)), rng=rng)
    assert not report.results[0].passed
    assert "no verdict" in str(report)


def test_probes_at_kinks_are_excluded_not_failed():
    class Kinks(Plain):
        def forward(self, x):
            self.x = x
            return np.abs(x)

        def backward(self, grad_output):
            self.grads["scale"] = np.zeros(1)
            return np.sign(self.x) * grad_output

    x = np.zeros((1, 20_000))
    report = gradcheck(Kinks(), x, rng=np.random.default_rng(0))
    assert report.passed
    assert report.results[0].excluded > 0
    assert "probes at kinks excluded" in str(report)


def test_refuses_a_loss_without_targets(rng):
    with pytest.raises(ValueError, match="loss and targets must be given together"):
        gradcheck(Dense(1, 1), [[1.0]], rng=rng, loss=SparseCategoricalCrossentropy())
    with pytest.raises(ValueError, match="directions must be a whole number"):
        gradcheck(Dense(1, 1), [[1.0]], rng=rng, directions=0)


def test_one_wrong_direction_among_right_ones_fails():
    """A gradient wrong in its second number only, probed along the first axis, then the second."""

    class SecondDoubled(ReLU):
        def backward(self, grad_output):
            return super().backward(grad_output) * [[1, 2]]

    class Axes(np.random.Generator):
        calls = 0

        def standard_normal(self, shape):
            self.calls += 1
            ones = np.ones(shape)  # the first two calls move the point and weigh the output
            return ones if self.calls <= 2 else ones * np.eye(2)[[self.calls % 2]]

    for layer, passed in ((ReLU(), True), (SecondDoubled(), False)):
        rng = Axes(np.random.PCG64(0))
        assert gradcheck(layer, np.ones((1, 2)), rng=rng, directions=2).passed is passed
