"""What other packages write to their logs, kept out of the notebooks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def errors_only(name: str) -> Iterator[None]:
    """Let the logger `name` write errors only, inside the block.

    >>> with errors_only("pooch"):
    ...     logging.getLogger("pooch").isEnabledFor(logging.INFO)
    False
    """
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
