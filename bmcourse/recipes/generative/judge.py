"""The judge of invented digits: how sure, how varied, how far from real ones, and copied or not."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
import numpy.typing as npt

from bmcourse import checks, weights
from bmcourse.recipes.vision import mnist

Images = npt.NDArray[np.float32]
FEATURES, CLASSES, BATCH = 64, 10, 500
PRESENT = 0.01
"""A digit is covered if more than this share of the images is judged to be it."""


@dataclass(frozen=True)
class Score:
    """What the judge says of a set of images.

    Attributes
    ----------
    count : int
        Number of images.
    sure : float
        Mean of the largest probability of each image, from 0.1 to 1.
    certain : float
        Share of the images whose largest probability is above 0.99.
    classes : tuple of float
        For each digit, the share of the images that are judged to be it.
    covered : int
        How many digits have a share above `PRESENT`.
    entropy : float
        Entropy of `classes`, in nats: 0 for one digit only, log 10 = 2.303 for ten equal shares.
    frechet : float
        Distance from the reference, by `frechet_distance`. Compare it at one `count` only: the
        fewer images, the larger it is, even for real ones.
    """

    count: int
    sure: float
    certain: float
    classes: tuple[float, ...]
    covered: int
    entropy: float
    frechet: float


class Judge:
    """A classifier of digits, trained apart, that looks at images it was not made for.

    It is the network of article 000 §5 with the weights of ``benchmarks/digits_cnn.py``, which
    learned from MNIST's training images. Images are float32, shape (n, 28, 28, 1), in [0, 1].
    """

    def __init__(self, classifier: keras.Model) -> None:
        last = classifier.layers[-1]
        # The 64 features are what goes into the last layer.
        self._network = keras.Model(classifier.inputs, [last.input, last.output])

    @classmethod
    def load(cls) -> Judge:
        """Return the judge with the weights that travel with the course."""
        classifier = mnist.article_model()
        classifier.set_weights(list(weights.load("digits_cnn").values()))
        return cls(classifier)

    def features(self, images: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Return the 64 numbers from which the judge decides, shape (n, 64)."""
        return self._look(images)[0]

    def probabilities(self, images: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Return a probability for each digit, shape (n, 10)."""
        return _softmax(self._look(images)[1])

    def score(self, images: npt.ArrayLike, reference: npt.ArrayLike) -> Score:
        """Judge a set of images beside real ones.

        Parameters
        ----------
        images : array of shape (n, 28, 28, 1)
        reference : array of shape (n, 28, 28, 1), or (n, 64)
            As many real images, or their features.

        Raises
        ------
        ValueError
            If there are not as many real images: the distance depends on their number.
        """
        features, logits = self._look(images)
        real = np.asarray(reference)
        real = real if real.ndim == 2 else self.features(real)
        checks.same_length(images=features, reference=real)
        likely = _softmax(logits)
        classes = np.bincount(likely.argmax(axis=1), minlength=CLASSES) / len(likely)
        present = classes[classes > 0]
        return Score(
            count=len(likely),
            sure=float(likely.max(axis=1).mean()),
            certain=float((likely.max(axis=1) > 0.99).mean()),
            classes=tuple(classes.tolist()),
            covered=int((classes > PRESENT).sum()),
            entropy=float(0.0 - present @ np.log(present)),
            frechet=frechet_distance(features, real),
        )

    def _look(self, images: npt.ArrayLike) -> list[npt.NDArray[np.float32]]:
        """Return features and logits."""
        shape = (None, 28, 28, 1)
        pixels = checks.array("images", images, shape=shape).astype(np.float32, copy=False)
        if pixels.min() < -1e-6 or pixels.max() > 1 + 1e-6:
            received = f"{pixels.min():.3g} to {pixels.max():.3g}"
            checks.fail("images", "an array of numbers from 0 to 1", received)
        starts = range(0, len(pixels), BATCH)
        parts = [self._network.predict_on_batch(pixels[i : i + BATCH]) for i in starts]
        return [np.concatenate(part) for part in zip(*parts, strict=True)]


def frechet_distance(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    """Return the squared Fréchet distance between two sets of features, each taken as a Gaussian.

    With means m and covariances C: ``|m_a - m_b|² + trace(C_a + C_b - 2 (C_a C_b)^½)``. It is 0 for
    equal means and covariances, whatever else differs. (Heusel and others 2017; they take the
    features of another network, so their numbers cannot be compared with ours.)

    Parameters
    ----------
    a, b : array of shape (n, features) and (m, features)

    Examples
    --------
    >>> grid = np.array([[0.0], [1.0], [2.0]])
    >>> round(frechet_distance(grid, grid + 3), 6)
    9.0
    """
    a, b = (checks.array(name, x, ndim=2).astype(float) for name, x in (("a", a), ("b", b)))
    if a.shape[1] != b.shape[1]:
        checks.fail("b", f"an array of {a.shape[1]} features", f"shape {b.shape}")
    for name, x in (("a", a), ("b", b)):
        if len(x) < 2:
            checks.fail(name, "an array of at least 2 rows", f"shape {x.shape}")
    apart = a.mean(axis=0) - b.mean(axis=0)
    of_a, of_b = (np.atleast_2d(np.cov(x, rowvar=False)) for x in (a, b))
    root = _root(of_a)
    # (C_a C_b)^½ has the trace of (root C_b root)^½, which is symmetric.
    mixed = np.sqrt(np.linalg.eigvalsh(root @ of_b @ root).clip(0)).sum()
    distance = apart @ apart + np.trace(of_a) + np.trace(of_b) - 2 * mixed
    return max(float(distance), 0.0)  # rounding can take it a little below


def frechet_error(
    a: npt.ArrayLike, b: npt.ArrayLike, rng: np.random.Generator | int, *, times: int = 50
) -> float:
    """Return the sampling error of `frechet_distance`: its standard deviation over resamples.

    Both sets are drawn anew with replacement, as a bootstrap does. Copies in a resample make the
    distance itself larger, so only the spread is used.
    """
    rng = checks.generator("rng", rng)
    checks.integer("times", times, at_least=2)
    first, second = np.asarray(a), np.asarray(b)

    def draw(x: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        return x[rng.integers(0, len(x), len(x))]

    found = [frechet_distance(draw(first), draw(second)) for _ in range(times)]
    return float(np.std(found, ddof=1))


def nearest(
    images: npt.ArrayLike, training: npt.ArrayLike
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
    """Return, for each image, the index of the nearest training image, and its distance.

    The distance is the root of the summed squared differences of the pixels; that of a copy is 0.

    Examples
    --------
    >>> index, distance = nearest([[0.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]])
    >>> index, distance
    (array([1]), array([0.], dtype=float32))
    """
    ours, theirs = (
        checks.array(name, x).astype(np.float32, copy=False).reshape(len(np.asarray(x)), -1)
        for name, x in (("images", images), ("training", training))
    )
    if ours.shape[1] != theirs.shape[1]:
        checks.fail("training", f"images of {ours.shape[1]} pixels", f"{theirs.shape[1]}")
    half = (theirs * theirs).sum(axis=1) / 2  # |x|² of the image itself changes no order
    blocks = (ours[i : i + BATCH] for i in range(0, len(ours), BATCH))
    index = np.concatenate([(half - block @ theirs.T).argmin(axis=1) for block in blocks])
    return index, np.sqrt(((ours - theirs[index]) ** 2).sum(axis=1))


def _softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _root(matrix: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Return the symmetric root of a covariance."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(values.clip(0))) @ vectors.T
