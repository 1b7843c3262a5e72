"""Ratings of films that ship whole inside the package, checked by their SHA-256."""

from __future__ import annotations

from bmcourse.datasets.ratings.films import FilmRatings, film_ratings

__all__ = ["FilmRatings", "film_ratings"]
