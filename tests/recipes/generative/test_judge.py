"""The judge of digits: its distance against other ways, its error, and what it says of images."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg

from bmcourse import datasets
from bmcourse.recipes.generative import judge as judges
from bmcourse.recipes.generative.judge import Judge, frechet_distance, frechet_error, nearest
from bmcourse.recipes.vision import mnist


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge.load()


@pytest.fixture(scope="module")
def data() -> datasets.Dataset:
    return datasets.mnist()


@pytest.fixture(scope="module")
def real(data: datasets.Dataset) -> judges.Images:
    return mnist.as_input(data.x_test[:2000])


def test_it_reads_digits(judge: Judge, data: datasets.Dataset, real: judges.Images) -> None:
    likely = judge.probabilities(real)
    assert likely.shape == (2000, 10)
    np.testing.assert_allclose(likely.sum(axis=1), 1, atol=1e-5)
    assert np.mean(likely.argmax(axis=1) == data.y_test[:2000]) > 0.97


def test_features_are_what_the_last_layer_reads(judge: Judge, real: judges.Images) -> None:
    from bmcourse import weights

    *_, kernel, bias = weights.load("digits_cnn").values()
    features = judge.features(real[:7])
    assert features.shape == (7, 64)
    logits = features @ kernel + bias
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected = powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(judge.probabilities(real[:7]), expected, atol=1e-5)


def test_score_of_real_digits(judge: Judge, real: judges.Images) -> None:
    score = judge.score(real[:1000], real[1000:])
    assert score.count == 1000
    assert score.sure > 0.95
    assert score.certain > 0.8
    assert score.covered == 10
    assert sum(score.classes) == pytest.approx(1)
    assert 2.25 < score.entropy <= np.log(10)
    of_features = judge.score(real[:1000], judge.features(real[1000:]))
    assert of_features == score


def test_one_image_many_times(judge: Judge, real: judges.Images) -> None:
    same = judge.score(np.repeat(real[:1], 500, axis=0), real[:500])
    assert (same.covered, same.entropy, max(same.classes)) == (1, 0.0, 1.0)
    different = judge.score(real[500:1000], real[:500])
    assert same.frechet > 10 * different.frechet


def test_a_reference_of_another_size_is_refused(judge: Judge, real: judges.Images) -> None:
    with pytest.raises(ValueError, match="same length"):
        judge.score(real[:10], real[:20])


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((2, 28, 28)), "shape"),
        (np.full((2, 28, 28, 1), 255.0), "from 0 to 1"),
        (np.full((2, 28, 28, 1), -1.0), "from 0 to 1"),
        (np.full((2, 28, 28, 1), np.nan), "finite"),
        (np.zeros((0, 28, 28, 1)), "empty"),
    ],
)
def test_bad_images_are_refused(judge: Judge, images: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        judge.features(images)  # type: ignore[arg-type]


def test_distance_against_the_matrix_root_of_scipy() -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=(300, 6)) @ rng.normal(size=(6, 6))
    b = rng.normal(size=(200, 6)) @ rng.normal(size=(6, 6)) + 1
    of_a, of_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = linalg.sqrtm(of_a @ of_b).real
    apart = a.mean(axis=0) - b.mean(axis=0)
    expected = apart @ apart + np.trace(of_a + of_b - 2 * root)
    assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-9)
    assert frechet_distance(b, a) == pytest.approx(expected, rel=1e-9)


def test_distance_of_one_feature_is_by_pencil() -> None:
    a, b = np.array([[-1.0], [1.0]]), np.array([[2.0], [8.0]])
    # means 0 and 5, standard deviations √2 and √18: 25 + (√18 - √2)² = 25 + 8
    assert frechet_distance(a, b) == pytest.approx(33)


def test_distance_does_not_change_by_a_turn_and_survives_dead_features() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(50, 4)), 2 * rng.normal(size=(50, 4))
    turn = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    assert frechet_distance(a @ turn, b @ turn) == pytest.approx(frechet_distance(a, b))
    dead = np.zeros((50, 3))  # a ReLU that never fires
    with_dead = frechet_distance(np.hstack([a, dead]), np.hstack([b, dead]))
    assert with_dead == pytest.approx(frechet_distance(a, b))
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-9)
    few = frechet_distance(rng.normal(size=(3, 64)), rng.normal(size=(3, 64)))
    assert np.isfinite(few)


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (np.zeros((3, 2)), np.zeros((3, 3)), "2 features"),
        (np.zeros((1, 2)), np.zeros((3, 2)), "a must be an array of at least 2 rows"),
        (np.zeros((3, 2)), np.zeros((1, 2)), "b must be an array of at least 2 rows"),
    ],
)
def test_bad_features_are_refused(a: object, b: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        frechet_distance(a, b)  # type: ignore[arg-type]


def test_error_is_near_the_spread_of_fresh_samples() -> None:
    rng = np.random.default_rng(2)

    def draw(spread: float) -> np.ndarray:
        return rng.normal(0, spread, (400, 5))

    fresh = np.std([frechet_distance(draw(1), draw(1.5)) for _ in range(200)])
    errors = [frechet_error(draw(1), draw(1.5), rng) for _ in range(10)]
    assert 0.8 * fresh < np.mean(errors) < 1.25 * fresh


def test_error_is_the_same_for_the_same_seed_and_wants_two_draws() -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 60, 3))
    assert frechet_error(a, b, 5, times=4) == frechet_error(a, b, 5, times=4)
    with pytest.raises(ValueError, match="times"):
        frechet_error(a, b, 5, times=1)


def test_nearest_against_all_differences() -> None:
    rng = np.random.default_rng(3)
    ours, theirs = rng.random((700, 4, 4, 1)), rng.random((90, 4, 4, 1))
    ours[3] = theirs[11]
    index, distance = nearest(ours, theirs)
    gaps = np.sqrt(((ours[:, None] - theirs[None]) ** 2).sum(axis=(2, 3, 4)))  # (700, 90)
    assert np.array_equal(index, gaps.argmin(axis=1))
    np.testing.assert_allclose(distance, gaps.min(axis=1), atol=1e-5)
    assert (index[3], distance[3]) == (11, 0)


def test_nearest_wants_images_of_one_size() -> None:
    with pytest.raises(ValueError, match="16 pixels"):
        nearest(np.zeros((2, 4, 4, 1)), np.zeros((2, 5, 5, 1)))
