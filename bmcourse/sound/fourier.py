"""The discrete Fourier transform as a product with a matrix."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Complex = npt.NDArray[np.complex128]


def dft_matrix(n: int) -> Complex:
    """Return the matrix F of the transform of `n` samples: F[k, t] = exp(-2 pi i k t / n).

    Row k is a wave that turns k times in n samples: its real part is a cosine, its imaginary
    part a sine with the sign turned.

    Returns
    -------
    ndarray of complex128, shape (n, n)

    Examples
    --------
    >>> dft_matrix(4).real.round().astype(int)[1].tolist()
    [1, 0, -1, 0]
    """
    at = np.arange(checks.integer("n", n))
    return np.asarray(np.exp(-2j * np.pi * np.outer(at, at) / n))  # (n, n)


def dft(x: npt.ArrayLike) -> Complex:
    """Return the discrete Fourier transform of a row of samples, by the matrix.

    It takes n * n products; `numpy.fft.fft` gives the same numbers in about n log n.

    Parameters
    ----------
    x : array_like of shape (n,)

    Returns
    -------
    ndarray of complex128, shape (n,)

    Examples
    --------
    >>> abs(dft([1, 0, -1, 0])).round(6).tolist()
    [0.0, 2.0, 0.0, 2.0]
    """
    samples = checks.array("x", x, ndim=1)
    return np.asarray(dft_matrix(len(samples)) @ samples)  # (n, n) @ (n,)
