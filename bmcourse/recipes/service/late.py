"""Labels that come late: what can be known of the error at a given time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse.checks import Array


def known(asked: npt.ArrayLike, delay: int | npt.ArrayLike, now: int) -> Array:
    """Say for each request whether its label has come: asked plus delay is not after `now`.

    Examples
    --------
    >>> known([0, 1, 2, 3], 2, now=3)
    array([ True,  True, False, False])
    """
    return np.asarray(asked) + np.asarray(delay) <= now


def errors_seen(
    asked: npt.ArrayLike, errors: npt.ArrayLike, delay: int | npt.ArrayLike, now: int, window: int
) -> Array:
    """Return the errors of the last `window` months of requests whose labels have come.

    With one delay for all, a window of 3 at month 10 and labels after 2 months covers the
    requests of the months 6, 7 and 8.
    """
    months = np.asarray(asked)
    here = known(months, delay, now)
    if not here.any():
        return np.empty(0)
    last = months[here].max()
    return np.asarray(errors)[here & (months > last - window)]


def first_alarm(
    asked: npt.ArrayLike,
    errors: npt.ArrayLike,
    delay: int | npt.ArrayLike,
    limit: float,
    window: int = 1,
    at_least: int = 10,
) -> int | None:
    """Return the first month in which the median error seen is above `limit`; None for never.

    A median, as a few odd sales move the mean of a small window.
    """
    months = np.asarray(asked)
    last = int((months + np.asarray(delay)).max())
    for now in range(int(months.min()), last + 1):
        seen = errors_seen(months, errors, delay, now, window)
        if len(seen) >= at_least and np.median(seen) > limit:
            return now
    return None
