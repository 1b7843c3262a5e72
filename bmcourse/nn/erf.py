"""The error function, which NumPy does not have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bmcourse.checks import Array

# Numerator and denominator of each part, highest power first.
SMALL = (
    (1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2,
     3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3,
     2.84423683343917062e3),
)  # fmt: skip
MIDDLE = (
    (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1,
     2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3,
     1.23033935479799725e3),
    (1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2,
     1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3,
     1.23033935480374942e3),
)  # fmt: skip
NEAR, FAR = 0.46875, 6.0  # from FAR on, 1 is the nearest number in double precision


def erf(x: Array) -> Array:
    """Return 2/√π times the integral of exp(-t²) from 0 to x, correct to about 1e-15.

    Ratios of polynomials from Cody, "Rational Chebyshev Approximations for the Error
    Function", Mathematics of Computation 23, 1969.

    Parameters
    ----------
    x : ndarray of float

    Examples
    --------
    >>> erf(np.array([-9.0, 0.0, 1.0])).round(6)
    array([-1.      ,  0.      ,  0.842701])
    """
    size = np.minimum(np.abs(x), FAR)
    near = size <= NEAR
    result = np.empty_like(size)
    small, rest = size[near], size[~near]
    result[near] = small * _ratio(SMALL, small * small)
    result[~near] = 1 - np.exp(-rest * rest) * _ratio(MIDDLE, rest)
    return np.copysign(result, x)


def _ratio(parts: tuple[Sequence[float], Sequence[float]], x: Array) -> Array:
    """Return one polynomial over another, by Horner's rule."""
    above, below = (np.full_like(x, coefficients[0]) for coefficients in parts)
    for value, coefficients in ((above, parts[0]), (below, parts[1])):
        for coefficient in coefficients[1:]:
            value *= x
            value += coefficient
    return above / below
