"""What can go wrong with a data set, as errors that say what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class DataError(ValueError):
    """A file of a data set is not what it must be."""


class MissingError(DataError):
    """A place holds nothing of a data set."""


class IncompleteError(DataError):
    """A place holds some files of a data set and lacks others."""


class CacheError(DataError):
    """The cache folder cannot be written; another route would fail in the same way."""


@contextmanager
def writing(cache: Path) -> Iterator[None]:
    """Turn an `OSError` met while writing under `cache` into a `CacheError`.

    The message names the folder and the variables that help.

    Examples
    --------
    >>> with writing(Path("/shared/cache")):
    ...     raise OSError(errno.ENOSPC, "No space left on device")
    Traceback (most recent call last):
    ...
    bmcourse.datasets.errors.CacheError: the cache folder /shared/cache is full \
(No space left on device). Free some space, or set BMCOURSE_CACHE to another folder, \
or set BMCOURSE_OFFLINE=1 to work with the bundled sample.
    """
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
        state, advice = (
            ("is full", "Free some space, or set") if full else ("cannot be written", "Set")
        )
        raise CacheError(
            f"the cache folder {cache.as_posix()} {state} ({error.strerror or error}). "
            f"{advice} BMCOURSE_CACHE to another folder, "
            "or set BMCOURSE_OFFLINE=1 to work with the bundled sample."
        ) from error
