"""MovieLens: who gave which film how many stars, and when."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.checks import Array
from bmcourse.datasets import shipped


@dataclass(frozen=True, eq=False, repr=False)
class FilmRatings:
    """One row a rating, in order of the user and of time.

    Attributes
    ----------
    title, licence, citation : str
    user, film : ndarray of int, shape (ratings,)
        Numbers from 0 on.
    stars : ndarray of float64, shape (ratings,)
        0.5, 1, ..., 5.
    time : ndarray of int64, shape (ratings,)
        Seconds since the first of January 1970, UTC.
    titles : list of str
        A title for each film; empty where none is known.
    years : ndarray of int, shape (films,)
        The year in which the film came out; 0 where it is not known.
    genres : list of tuple of str
        None, one or more for each film.
    """

    title: str
    licence: str
    citation: str
    user: npt.NDArray[np.intp]
    film: npt.NDArray[np.intp]
    stars: Array
    time: npt.NDArray[np.int64]
    titles: list[str]
    years: npt.NDArray[np.intp]
    genres: list[tuple[str, ...]]

    @property
    def shape(self) -> tuple[int, int]:
        """Users and films."""
        return int(self.user[-1]) + 1, len(self.titles)

    def describe(self) -> str:
        """Say in one line which data this is."""
        users, films = self.shape
        return f"{self.title}: {len(self.user):,} ratings by {users:,} users of {films:,} films"

    def __repr__(self) -> str:
        return f"<{self.describe()}>"


def film_ratings(folder: Path = shipped.RATINGS) -> FilmRatings:
    """Return MovieLens, the small set of October 2016. Not for commercial use: see its README.

    Raises
    ------
    DataError
        If the file is missing, or is not the published one.

    References
    ----------
    Harper and Konstan, The MovieLens Datasets: History and Context, 2015.

    Examples
    --------
    >>> found = film_ratings()
    >>> found.describe()
    'MovieLens, October 2016: 100,004 ratings by 671 users of 9,066 films'
    >>> found.titles[0], found.genres[0][:2]
    ('Toy Story', ('Adventure', 'Animation'))
    """
    about = shipped.registry(folder)["films"]
    content = shipped.read(about["file"], about["sha256"], folder)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        stored: dict[str, npt.NDArray[Any]] = dict(arrays)
    kinds = _lines(stored["kinds"])
    genres = [
        tuple(kind for bit, kind in enumerate(kinds) if bits >> bit & 1)
        for bits in stored["genres"].tolist()
    ]
    return FilmRatings(
        about["title"],
        about["licence"],
        about["citation"],
        np.repeat(np.arange(len(stored["counts"])), stored["counts"]),
        stored["films"].astype(np.intp),
        stored["halves"] / 2.0,
        np.cumsum(stored["steps"], dtype=np.int64),
        _lines(stored["titles"]),
        stored["years"].astype(np.intp),
        genres,
    )


def _lines(stored: npt.NDArray[np.uint8]) -> list[str]:
    return stored.tobytes().decode("utf-8").split("\n")
