"""What other packages write to their logs, kept out of the notebooks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def errors_only(logger: logging.Logger) -> Iterator[None]:
    """Let `logger` write errors only, inside the block.

    >>> log = logging.getLogger("somebody.else")
    >>> with errors_only(log):
    ...     log.isEnabledFor(logging.WARNING)
    False
    """
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
