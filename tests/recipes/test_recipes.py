from __future__ import annotations

import keras
import numpy as np
import pytest

from bmcourse.recipes.one_cycle import OneCycle
from bmcourse.recipes.progress_line import Progress
from bmcourse.recipes.vision import mnist


def test_input_has_four_axes_and_values_up_to_one() -> None:
    images = np.array([[[0, 255], [51, 102]]], dtype=np.uint8)
    x = mnist.as_input(images)
    assert (x.shape, x.dtype) == ((1, 2, 2, 1), np.float32)
    np.testing.assert_allclose(x[0, :, :, 0], [[0, 1], [0.2, 0.4]], rtol=1e-6)


def test_article_model_is_the_articles() -> None:
    model = mnist.article_model()
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["Conv2D", "MaxPooling2D"] * 2 + ["Conv2D", "Flatten", "Dense", "Dense"]
    assert model.output_shape == (None, 10)
    assert model.layers[-1].activation is keras.activations.linear


@pytest.mark.parametrize(
    ("step", "share"), [(0, 0.05), (25, 1.0), (50, 0.667), (100, 0.001), (120, 0.001)]
)
def test_one_cycle_rises_and_falls(step: int, share: float) -> None:
    rate = float(OneCycle(peak=0.02, steps=100, warm_up=0.25)(step))
    assert rate == pytest.approx(0.02 * share, rel=2e-3)


def test_one_cycle_survives_saving() -> None:
    schedule = OneCycle(0.1, 10, 0.3)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(schedule))
    assert again.get_config() == schedule.get_config()


@pytest.mark.parametrize("wrong", [{"peak": 0}, {"steps": 0}, {"warm_up": 1.0}])
def test_one_cycle_refuses(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        OneCycle(**{"peak": 0.1, "steps": 10, **wrong})  # type: ignore[arg-type]


def test_fast_model_learns_and_progress_reports(capsys: pytest.CaptureFixture[str]) -> None:
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, 512)
    x = rng.normal(0, 0.1, (512, 28, 28, 1)).astype("float32")
    x[np.arange(512), 2 * y + 2, 4:24] += 1  # a bar whose height is the class
    model = mnist.fast_model(images=512, epochs=4)
    settings = {"batch_size": mnist.FAST_BATCH, "epochs": 4, "verbose": 0}
    history = model.fit(x, y, callbacks=[Progress()], **settings)
    assert history.history["loss"][-1] < 0.5 * history.history["loss"][0]
    assert "epoch 4/4" in capsys.readouterr().out


def test_progress_counts_the_seconds_of_a_training_in_two_calls(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter(range(60, 10_000, 60))
    monkeypatch.setattr("bmcourse.recipes.progress_line.time.perf_counter", lambda: next(now))
    model = mnist.fast_model(images=64, epochs=2)
    x, y = np.zeros((64, 28, 28, 1), "float32"), np.zeros(64, int)
    shown = {"callbacks": [Progress()], "batch_size": 64, "verbose": 0}
    model.fit(x, y, epochs=1, **shown)
    model.fit(x, y, initial_epoch=1, epochs=2, **shown)
    first, second = (int(line.split()[-2]) for line in capsys.readouterr().out.splitlines() if line)
    assert second > first
