"""Exercise on early stopping."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise


def _watch(losses: npt.ArrayLike, patience: int) -> tuple[int, int]:
    """Return the index of the best epoch, and of the epoch at which training stops."""
    values = np.asarray(losses)
    best = 0
    for epoch, loss in enumerate(values):
        if loss < values[best]:
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(values) - 1


def _rises_in_a_row(losses: npt.ArrayLike, patience: int) -> int:
    values = np.asarray(losses)
    rises = 0
    for epoch in range(1, len(values)):
        rises = rises + 1 if values[epoch] > values[epoch - 1] else 0
        if rises >= patience:
            return int(np.argmin(values[: epoch + 1]))
    return int(np.argmin(values))


def _curves(rng: np.random.Generator) -> list[Case]:
    return [
        (np.array([3.0, 2.0, 2.5, 2.6, 2.7]), 2),
        (np.array([3.0, 2.0, 2.5, 2.4, 2.6, 1.0]), 3),
        (np.array([5.0, 4.0, 4.5, 4.4, 4.6, 4.5, 3.5]), 2),
        (np.array([3.0, 2.0, 1.5, 1.2]), 2),
        (np.array([3.0, 2.0, 2.2, 2.1, 1.0, 4.0]), 2),
        (np.array([3.0, 2.0, 2.5, 2.6, 2.7, 1.0]), 2),
        (np.array([3.0, 2.0, 2.5, 1.5, 1.8, 1.9]), 2),
        (np.array([4.0, 3.0, 3.5, 2.5, 2.6, 2.7, 2.0]), 3),
        (np.array([3.0, 1.0, 2.0]), 2),
        (np.array([1.0, 2.0, 3.0, 0.5]), 2),
        (np.array([3.0, 2.0, 2.5, 2.0, 2.5]), 4),  # a loss that is equalled is no new lowest one
        (np.array([3.0, 2.0, 2.5, 2.0, 2.5, 1.0]), 3),
    ]


def _last_of_equals(losses: npt.ArrayLike, patience: int) -> int:
    values = np.asarray(losses)
    best = 0
    for epoch, loss in enumerate(values):
        if loss <= values[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best


def _rises_in_all(losses: npt.ArrayLike, patience: int) -> int:
    values = np.asarray(losses)
    stops = np.flatnonzero(np.cumsum(np.diff(values) > 0) >= patience)
    return int(np.argmin(values[: stops[0] + 2] if len(stops) else values))


def _never_counted_anew(losses: npt.ArrayLike, patience: int) -> int:
    values = np.asarray(losses)
    bad = values[1:] >= np.minimum.accumulate(values)[:-1]
    stops = np.flatnonzero(np.cumsum(np.r_[False, bad]) >= patience)
    return int(np.argmin(values[: stops[0] + 1] if len(stops) else values))


def _if_it_stops(
    losses: npt.ArrayLike, patience: int, otherwise: int | None, kept: int = 0
) -> int | None:
    best, stop = _watch(losses, patience)
    return (best, stop)[kept] if stop - best >= patience else otherwise


early_stopping = Exercise(
    "the epoch that early stopping keeps",
    reference=lambda losses, patience: _watch(losses, patience)[0],
    cases=_curves,
    mistakes={
        "int(np.argmin(losses))": "You looked at the whole curve. Training had stopped before its end: later epochs were never run.",
        "_watch(losses, patience)[1]": "That is where training stops. The weights that are kept are those of the best epoch before it.",
        "_if_it_stops(losses, patience, _watch(losses, patience)[0], kept=1)": "That is where training stops, if it stops. Return the best epoch in both places: in the loop, and after it.",
        _last_of_equals: "A loss that is only equalled is no new lowest one: < and not <=.",
        _rises_in_a_row: "You counted rises in a row. Count epochs since the lowest loss so far: a small dip in between does not help.",
        "_watch(losses, patience + 1)[0]": "One epoch too patient: stop as soon as `patience` epochs have brought no new best.",
        "_watch(losses, patience - 1)[0]": "One epoch too impatient: `patience` whole epochs must have brought no new best.",
        "float(losses[_watch(losses, patience)[0]])": "That is the loss. Return the index of its epoch.",
        "_watch(losses, patience)[0] + 1": "Right, but count the epochs from 0, as an index does.",
        "_watch(losses, 1)[0]": "You stop at the first rise. Wait for `patience` epochs without a new lowest loss.",
        "len(losses) - 1": "That is the last epoch. Early stopping keeps the weights of the best epoch it saw.",
        _rises_in_all: "You counted all rises. Count epochs since the lowest loss so far.",
        _never_counted_anew: "Begin the count again at each new lowest loss.",
        "_if_it_stops(losses, patience, None)": "If nothing stops the training, return the best epoch all the same: a second `return`, after the loop.",
        "_if_it_stops(losses, patience, -1)": "If nothing stops the training, return the best epoch all the same.",
        "_if_it_stops(losses, patience, len(losses) - 1)": "If nothing stops the training, the best epoch need not be the last one.",
        "_watch(losses, patience)[1] - patience": "The best epoch is not always `patience` epochs before the end: training may run to its last epoch.",
        "float(np.min(losses))": "That is the lowest loss of the whole curve. Return the index of an epoch, from those that were run.",
        "_watch(losses, patience)": "The first number is right. Return it alone, without the epoch of the stop.",
    },
)
