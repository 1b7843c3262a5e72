from __future__ import annotations

import keras
import numpy as np
import pytest
from PIL import Image

from bmcourse import results
from bmcourse.recipes.progress_line import Progress
from bmcourse.recipes.vision import fast_cifar10 as fast

FLOAT = keras.DTypePolicy("float32")
SHORT = keras.DTypePolicy("mixed_bfloat16")


@pytest.fixture(scope="module")
def stripes() -> tuple[np.ndarray, np.ndarray]:
    """Noise with a bright row whose height is the class: a mirror image keeps it."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 1024)
    images = rng.normal(0, 0.3, (1024, 32, 32, 3)).astype(np.float32)
    images[np.arange(1024), 3 * labels + 2] += 2
    return images, labels


def test_colours_are_standardised_with_the_published_moments() -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (4, 32, 32, 3)).astype(np.uint8)
    x = fast.standardise(images)
    expected = (images / 255 - [0.4914, 0.4822, 0.4465]) / [0.2470, 0.2435, 0.2616]
    assert x.dtype == np.float32
    np.testing.assert_allclose(x, expected, atol=1e-5)


def test_model_takes_two_sizes_and_keeps_its_first_layer() -> None:
    images = np.random.default_rng(0).normal(size=(8, 32, 32, 3)).astype(np.float32)
    model = fast.fast_model(images, fast.Plan((4, 6, 8), 1, 1, SHORT))
    for side in (24, 32):
        out = model(images[:2, :side, :side])
        assert (out.shape, str(out.dtype)) == ((2, 10), "<dtype: 'float32'>")
    assert not model.layers[1].trainable
    weights = 9 * (24 * 4 + 4 * 4 + 4 * 6 + 6 * 6 + 6 * 8 + 8 * 8) + 2 * (4 + 6 + 8) + 80
    assert sum(int(np.prod(w.shape)) for w in model.trainable_weights) == weights


def test_shrinking_agrees_with_pillow() -> None:
    images = np.random.default_rng(1).normal(size=(3, 32, 32, 3)).astype(np.float32)
    expected = [
        np.asarray(Image.fromarray(channel).resize((24, 24), Image.Resampling.BILINEAR))
        for channel in images.transpose(0, 3, 1, 2).reshape(-1, 32, 32)
    ]
    got = fast.shrink(images).transpose(0, 3, 1, 2).reshape(-1, 24, 24)
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_the_faster_the_machine_the_larger_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    work = []
    for policy, unit in [(FLOAT, False), (SHORT, False), (SHORT, True)]:
        monkeypatch.setattr(fast, "fast_policy", lambda policy=policy: policy)
        monkeypatch.setattr(fast, "has_matrix_unit", lambda unit=unit: unit)
        chosen = fast.plan()
        assert chosen.policy is policy
        pixels = chosen.small_epochs * fast.SMALL**2 + chosen.full_epochs * 32**2
        work.append(pixels * sum(width**2 for width in chosen.widths))
    assert work == sorted(set(work))
    # without a matrix unit the network is the same in both formats: only the epochs differ
    assert fast.plan(FLOAT).widths == fast.plan(SHORT, matrix_unit=False).widths == (32, 64, 128)


@pytest.mark.parametrize("policy", [FLOAT, SHORT], ids=["float32", "mixed_bfloat16"])
def test_the_plan_spends_the_articles_processor_time_and_no_more(
    policy: keras.DTypePolicy,
) -> None:
    rounds = results.load("cifar10_epochs")["ms_per_image"]
    ms = {name: float(np.median(measured)) for name, measured in rounds.items()}
    chosen = fast.plan(policy, matrix_unit=False)
    small, full = ms[f"{policy.name}, 24 pixels"], ms[f"{policy.name}, 32 pixels"]
    spent = chosen.small_epochs * small + chosen.full_epochs * full + ms["making small images"]
    budget = 10 * ms["article"]
    assert spent <= budget < spent + 1.5 * small  # the next epoch would not fit with room


@pytest.mark.parametrize("policy", [FLOAT, SHORT], ids=["float32", "mixed_bfloat16"])
@pytest.mark.slow
def test_training_learns(
    stripes: tuple[np.ndarray, np.ndarray],
    policy: keras.DTypePolicy,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    images, labels = stripes
    monkeypatch.setattr(fast, "BATCH", 64)
    chosen = fast.Plan((8, 8, 16), 4, 3, policy)
    settings = {"seed": 0, "chosen": chosen, "callbacks": [Progress()]}
    model = fast.train(images[:768], labels[:768], **settings)  # type: ignore[arg-type]
    accuracy = np.mean(fast.logits(model, images[768:]).argmax(axis=1) == labels[768:])
    assert accuracy > 0.5  # chance is 0.1
    assert "epoch 7/7" in capsys.readouterr().out
    assert int(model.optimizer.iterations) == 7 * 12


def test_a_step_without_a_gradient_takes_the_decay_off_every_weight() -> None:
    images = np.random.default_rng(0).normal(size=(8, 32, 32, 3)).astype(np.float32)
    model = fast.fast_model(images, fast.Plan((4, 4, 4), 1, 1, FLOAT))
    fast.compile_fast(model, steps=10)
    trained = model.trainable_variables
    before = [keras.ops.convert_to_numpy(v).copy() for v in trained]
    rate = float(model.optimizer.learning_rate)
    model.optimizer.apply([keras.ops.zeros_like(v) for v in trained], trained)
    for old, new in zip(before, trained, strict=True):
        kept = old * (1 - rate * fast.WEIGHT_DECAY)
        np.testing.assert_allclose(keras.ops.convert_to_numpy(new), kept, rtol=1e-6)


def test_mirror_images_have_the_same_logits() -> None:
    images = np.random.default_rng(0).normal(size=(4, 32, 32, 3)).astype(np.float32)
    model = fast.fast_model(images, fast.Plan((4, 4, 4), 1, 1, FLOAT))
    straight, mirrored = fast.logits(model, images), fast.logits(model, images[:, :, ::-1])
    np.testing.assert_allclose(straight, mirrored, rtol=1e-5, atol=1e-6)
